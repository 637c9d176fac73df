/* A class on a projector: arrows, space and the keys of a presenter press the buttons; f fills the screen, q enlarges the
   QR code until a click or a key; the clock counts without asking the server. Where something is written, or a control was reached by the keyboard, keys are its own. */
window.milletKeys ||= (() => {
  const WRITES = 'textarea, input:not([type=checkbox]), [role=combobox], [role=listbox], [role=radiogroup]';
  const NEXT = ['ArrowRight', 'PageDown', ' '], BACK = ['ArrowLeft', 'PageUp'];
  const root = document.documentElement, button = name => document.querySelector(`.st-key-class_${name} button`);
  const fill = () => document.fullscreenElement ? document.exitFullscreen() : root.requestFullscreen?.();
  const small = () => root.classList.remove('millet-large');
  const enlarge = () => document.querySelector('.st-key-classroom .invitation') && root.classList.add('millet-large');
  document.addEventListener('click', event => {
    const wasLarge = root.classList.contains('millet-large'), on = name => event.target.closest(`.st-key-class_${name} button`);
    small();
    if (on('fill')) fill();
    if (on('large') && !wasLarge) enlarge();
  });
  document.addEventListener('keydown', event => {
    const { key, target } = event, wasLarge = root.classList.contains('millet-large');
    if (!document.querySelector('.st-key-classroom') || event.ctrlKey || event.metaKey || event.altKey) return;
    if (target.closest(WRITES) || (key === ' ' && target.matches('button:focus-visible, summary, input'))) return;
    small();
    const to = NEXT.includes(key) ? button('next') : BACK.includes(key) ? button('back') : null;
    if (to) { event.preventDefault(); if (!event.repeat) to.click(); }
    if (key === 'f') fill();
    if (key === 'q' && !wasLarge) enlarge();
  });
  const tick = () => {
    for (const clock of document.querySelectorAll('.clock')) {
      const { seconds, way } = clock.dataset, passed = Math.floor((performance.now() - (clock.since ??= performance.now())) / 1000);
      const now = way === 'down' ? seconds - passed : +seconds + passed, name = now < 0 ? 'over' : way === 'down' ? 'left' : 'passed';
      const rest = String(Math.abs(now) % 60).padStart(2, '0'), word = document.createElement('small');
      const text = `${Math.floor(Math.abs(now) / 60)}:${rest} `;
      if (clock.firstChild?.textContent === text) continue;
      word.textContent = clock.dataset[name];
      clock.className = `clock ${name}`;
      clock.replaceChildren(text, word);
    }
  };
  // Votes come by themselves; an answer that arrives when its place is gone, or that says nothing new, changes nothing.
  const count = async () => {
    const place = document.querySelector('.live[data-room]');
    if (place) try {
      const { room, key, spoken } = place.dataset, where = `ballot/${room}/votes?${new URLSearchParams({ key, spoken })}`;
      const answer = await fetch(new URL(where, location.href), { cache: 'no-store' }), told = answer.ok ? await answer.text() : '';
      if (told && told !== place.told) place.innerHTML = place.told = told;
    } catch {} // the server is away for a moment; the next second asks again
    setTimeout(count, 1000);
  };
  // Streamlit gives up where a part of a picture was lost on the way (a server under heavy load); the address leads back here.
  const lost = ({ message, reason }) => {
    const last = +sessionStorage.getItem('millet-reloaded');
    if (!/delta path/.test(message ?? reason?.message) || Date.now() - last < 10000) return;
    sessionStorage.setItem('millet-reloaded', Date.now());
    location.reload();
  };
  for (const kind of ['error', 'unhandledrejection']) window.addEventListener(kind, lost);
  setInterval(tick, 200);
  tick();
  count();
  return true;
})();
