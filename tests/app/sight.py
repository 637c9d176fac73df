"""What can be seen of a page: words that are cut off, and words that stand out too little from what is behind them."""

from __future__ import annotations

from playwright.sync_api import Page

LEAST = 4.5
"""WCAG 2, level AA, for text of usual size."""

CUT = """
() => [...document.querySelectorAll('[data-testid=stMain] *')].filter(e => {
  const style = getComputedStyle(e), box = e.getBoundingClientRect();
  const hasWords = [...e.childNodes].some(n => n.nodeType === 3 && n.textContent.trim());
  if (!hasWords || box.width <= 1 || box.height <= 1 || style.visibility === 'hidden') return false;
  if (e.closest('[data-testid=stDataFrame], [data-testid=stSelectbox], select, textarea, svg')) return false;
  for (let f = e; f && f !== document.body; f = f.parentElement) {
    const s = getComputedStyle(f), b = f.getBoundingClientRect();
    if (f.matches('[role=region][tabindex], .roster, .said-text, [data-testid=stMain]')) return false;
    if (['hidden', 'clip'].includes(s.overflowX) && (f === e ? f.scrollWidth > f.clientWidth + 1
        : b.width > 1 && (box.right > b.right + 1.5 || box.left < b.left - 1.5))) return true;
  }
  return false;
}).map(e => e.textContent.trim().slice(0, 60))
"""
"""Words of which a part lies outside a box that hides what is outside; what scrolls by itself is not cut."""

FAINT = """
least => {
  const context = Object.assign(document.createElement('canvas'), { width: 1, height: 1 })
    .getContext('2d', { willReadFrequently: true });
  const known = new Map();
  const read = colour => {
    context.clearRect(0, 0, 1, 1); context.fillStyle = colour; context.fillRect(0, 0, 1, 1);
    const [r, g, b, a] = context.getImageData(0, 0, 1, 1).data;
    return [r, g, b, a / 255];
  };
  const rgba = colour => { if (!known.has(colour)) known.set(colour, read(colour)); return known.get(colour); };
  const over = (top, below) => [0, 1, 2].map(i => top[i] * top[3] + below[i] * (1 - top[3])).concat(1);
  const light = c => c.slice(0, 3).map(v => v / 255).map(v => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
    .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
  const contrast = (a, b) => { const [x, y] = [light(a), light(b)].sort((p, q) => q - p); return (x + 0.05) / (y + 0.05); };
  const colours = text => text.match(/(?:rgba?|color|oklab|oklch)\\([^()]*\\)/g) ?? [];
  const SKIPPED = 'style, script, svg, :disabled, [data-testid=stIconMaterial], [data-testid=stSlider]';
  const found = [], walker = document.createTreeWalker(document.querySelector('[data-testid=stApp]'), NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const e = walker.currentNode.parentElement, box = e.getBoundingClientRect();
    if (!walker.currentNode.textContent.trim() || box.width <= 1 || box.height <= 1) continue;
    if (!e.checkVisibility({ visibilityProperty: true }) || e.closest(SKIPPED)) continue;
    const layers = [];
    let opacity = 1;
    for (let f = e; f; f = f.parentElement) {
      const s = getComputedStyle(f);
      layers.unshift([s.backgroundColor, ...colours(s.backgroundImage)].map(rgba).filter(c => c[3] > 0));
      opacity *= +s.opacity;
    }
    let grounds = [[255, 255, 255, 1]];
    for (const layer of layers) if (layer.length) grounds = layer.flatMap(c => grounds.map(g => over(c, g)));
    const ink = rgba(getComputedStyle(e).color);
    const worst = Math.min(...grounds.map(g => contrast(over([...ink.slice(0, 3), ink[3] * opacity], g), g)));
    if (worst < least - 0.005) found.push(`${walker.currentNode.textContent.trim().slice(0, 50)}: ${worst.toFixed(2)}`);
  }
  return [...new Set(found)];
}
"""
"""Words with less contrast than is wanted against the worst colour behind them; bars behind words are gradients."""


def cut(page: Page) -> list[str]:
    """Words of which something is hidden."""
    return page.evaluate(CUT)


def faint(page: Page) -> list[str]:
    """Words that stand out too little, with their contrast."""
    return page.evaluate(FAINT, LEAST)
