// Manners of a web page that Streamlit lacks: one press of Back goes back one screen; the focus goes on to what comes
// next when what held it is gone; what is chosen is seen; a search is typed over; a search goes up on a telephone; the line with the
// leading diagnosis leads to the whole answer and back; what was put away stays away. Runs once a page, on this page alone.

const REGIONS = ".st-key-best_next, .st-key-chips, .st-key-chips_normal";
const ANSWERS = "[role=radio], .stButtonGroup button, .stButton button, input";
const YEAR = 365 * 24 * 60 * 60;

// Streamlit adds an entry for every change of the query, but going back to one only changes the address.
function oneEntryAScreen() {
  const push = history.pushState.bind(history);
  history.pushState = (state, title, url) => {
    const isSameScreen = new URL(url ?? "", location.href).pathname === location.pathname;
    return isSameScreen ? history.replaceState(state, title, url) : push(state, title, url);
  };
}

const keyOf = (region) => [...region.classList].find((name) => name.startsWith("st-key-"));

function focusGoesOn() {
  let last = null;
  const mind = (target) => {
    const region = target.closest?.(REGIONS);
    const place = region ? [...region.querySelectorAll(ANSWERS)].indexOf(target) : -1;
    last = place < 0 ? null : { target, key: keyOf(region), place };
  };
  // The page is drawn before this script runs: what has the focus already is minded, too.
  if (document.activeElement) mind(document.activeElement);
  document.addEventListener("focusin", ({ target }) => {
    mind(target);
    if (target.type === "search") target.select();
  });
  const look = () => {
    if (!last || last.target.isConnected) return;
    if (!document.querySelector("[data-testid=stApp][data-test-script-state=notRunning]")) return;
    const { key, place } = last;
    last = null;
    if (document.activeElement && document.activeElement !== document.body) return;
    const answers = [...document.querySelectorAll(`.${key} :is(${ANSWERS})`)];
    const next = key.includes("chips") ? answers[Math.min(place, answers.length - 1)] : answers[0];
    (next ?? document.querySelector("input[type=search]"))?.focus({ preventScroll: true });
  };
  const what = { childList: true, subtree: true, attributeFilter: ["data-test-script-state"] };
  new MutationObserver(look).observe(document.body, what);
}

// What is pointed at may be drawn only after this; what is taller than half of the window is read from its beginning.
function show(key, tries) {
  const place = document.querySelector(`.st-key-${key}`);
  if (place) place.scrollIntoView({ block: place.clientHeight > innerHeight / 2 ? "start" : "center" });
  else if (tries) setTimeout(show, 50, key, tries - 1);
}

// On a telephone the keyboard covers half of the window: a search that is tapped goes up, so that what it finds is seen.
function searchGoesUp() {
  document.addEventListener("click", ({ target }) => {
    if (target.type === "search" && innerWidth < 640) target.scrollIntoView({ block: "start" });
  });
}

// On a telephone the findings fill many screens: the line that stays in view is the way to the answer, and from there back.
function answerAndBack() {
  let from = null;
  document.addEventListener("click", ({ target }) => {
    if (!target.closest?.(".leading")) return;
    const page = document.querySelector("[data-testid=stMain]"), answer = document.querySelector(".st-key-answer");
    const { top, bottom } = answer.getBoundingClientRect();
    const isShown = top < innerHeight / 2 && bottom > innerHeight / 2;
    if (!isShown) from = page.scrollTop;
    page.scrollTo({ top: isShown ? (from ?? 0) : page.scrollTop + top - 3 * parseFloat(getComputedStyle(answer).fontSize) });
  });
}

// Where what is chosen from a list stands below the list, it comes into view; beside it it is in view already. While the new
// picture is drawn the page may be shorter for a moment and lose its place: until it is there, or somebody moves, it is looked at.
function whatIsChosenIsSeen() {
  document.addEventListener("click", ({ target }) => {
    const list = target.closest?.("[class*=st-key-bars_]");
    if (!list || !target.closest("button")) return;
    const key = [...list.classList].find((name) => name.startsWith("st-key-bars_"));
    const see = (isNew) => {
      const column = document.querySelector(`.${key}`)?.closest(".stColumn"), shown = column?.nextElementSibling;
      const { top, bottom } = shown?.getBoundingClientRect() ?? {};
      const isBelow = shown && top >= column.getBoundingClientRect().bottom;
      if (isBelow && (isNew || top >= innerHeight || bottom <= 0)) shown.scrollIntoView();
    };
    see(true);
    const again = setInterval(see, 100, false), stop = () => clearInterval(again);
    setTimeout(stop, 10_000);
    for (const move of ["wheel", "touchmove", "pointerdown", "keydown"]) addEventListener(move, stop, { once: true, passive: true });
  });
}

export default function ({ data }) {
  if (data.away !== null) document.cookie = `${data.name}=1; path=/; max-age=${data.away ? YEAR : 0}; samesite=lax`;
  if (data.point && data.point !== window.milletPoint) show(data.point, 100);
  window.milletPoint = data.point;
  if (window.milletManners) return;
  window.milletManners = true;
  oneEntryAScreen();
  focusGoesOn();
  answerAndBack();
  searchGoesUp();
  whatIsChosenIsSeen();
}
