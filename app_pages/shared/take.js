// Takes a figure of the page away: as a drawing (SVG) made of what the browser has laid out, as a picture of that drawing
// (PNG, by a canvas), or as a table (CSV). Loads nothing and sends nothing. Every text is given the width that it has on the
// page, so that the drawing keeps its shape where the font is another one.

const LISTS = "[class*=st-key-bars_]";
const FIGURES = `figure.mf-figure, .mf:not(.mf-legend, figure .mf), ${LISTS}`;
const ROWS = "[role=row], tr, .stButton button";
const ICON = "[role=img][aria-label$=icon]";
const EDGE = 16, NOTE = 12, SCALE = 2;
const escape = (text) => text.replace(/[&<>"]/g, (c) => `&#${c.charCodeAt(0)};`);
const round = (number) => Math.round(number * 10) / 10;
const isClear = (colour) => plain(colour).alpha === 0;

// Whatever way a colour is written, a drawing wants it plain; the few of a page are asked for thousands of times.
const known = new Map(), dot = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
function plain(colour) {
  if (!known.has(colour)) {
    dot.clearRect(0, 0, 1, 1);
    dot.fillStyle = colour;
    dot.fillRect(0, 0, 1, 1);
    const [red, green, blue, alpha] = dot.getImageData(0, 0, 1, 1).data;
    known.set(colour, { paint: `rgb(${red},${green},${blue})`, alpha: alpha / 255 });
  }
  return known.get(colour);
}

function box(x, y, width, height, colour, opacity, more = "") {
  const { paint, alpha } = plain(colour);
  return `<rect x="${round(x)}" y="${round(y)}" width="${round(width)}" height="${round(height)}" fill="${paint}" opacity="${round(10 * opacity * alpha) / 10}"${more}/>`;
}

function words(node, origin, opacity) {
  const lines = [], range = document.createRange(), style = getComputedStyle(node.parentElement);
  const isUpright = style.writingMode.startsWith("vertical");  // read from the bottom to the top
  for (const match of node.data.matchAll(/\S+/g)) {
    range.setStart(node, match.index);
    range.setEnd(node, match.index + match[0].length);
    const place = range.getBoundingClientRect(), last = lines.at(-1);
    if (!place.width) continue;
    if (isUpright && last && Math.abs(last.left - place.left) < 3)
      Object.assign(last, { text: `${last.text} ${match[0]}`, top: Math.min(last.top, place.top), height: last.height + Math.abs(last.top - place.top) });
    else if (!isUpright && last && Math.abs(last.top - place.top) < 3) Object.assign(last, { text: `${last.text} ${match[0]}`, right: place.right });
    else lines.push({ text: match[0], left: place.left, right: place.right, top: place.top, height: place.height });
  }
  const size = parseFloat(style.fontSize), { paint } = plain(style.color);
  const shown = style.textTransform === "uppercase" ? (text) => text.toUpperCase() : (text) => text;
  if (isUpright)
    return lines.map(({ text, left, right, top, height }) => {
      const [x, y] = [round((left + right) / 2 - origin.left + 0.35 * size), round(top + height - origin.top)];
      return `<text x="${x}" y="${y}" transform="rotate(-90 ${x} ${y})" font-size="${size}" fill="${paint}" opacity="${opacity}" ` +
        `textLength="${round(height)}" lengthAdjust="spacingAndGlyphs">${escape(text)}</text>`;
    }).join("");
  return lines.map(({ text, left, right, top, height }) =>
    `<text x="${round(left - origin.left)}" y="${round(top - origin.top + height / 2 + 0.35 * size)}" font-size="${size}" ` +
    `font-weight="${style.fontWeight}" fill="${paint}" opacity="${opacity}" textLength="${round(right - left)}" ` +
    `lengthAdjust="spacingAndGlyphs">${escape(shown(text))}</text>`).join("");
}

function picture(svg, origin, opacity) {
  const place = svg.getBoundingClientRect(), copy = svg.cloneNode(true);
  const own = [svg, ...svg.querySelectorAll("*")], copied = [copy, ...copy.querySelectorAll("*")];
  own.forEach((element, i) => {
    const style = getComputedStyle(element);
    for (const name of ["fill", "stroke", "font-size", "opacity", "stroke-width"]) {
      const value = style.getPropertyValue(name);
      if (value && value !== "none") copied[i].setAttribute(name, /^(?:color|rgb|ok|lab|lch)/.test(value) ? plain(value).paint : value);
    }
    copied[i].removeAttribute("class");
    copied[i].removeAttribute("style");
  });
  const at = { x: place.left - origin.left, y: place.top - origin.top, width: place.width, height: place.height };
  for (const [name, value] of Object.entries(at)) copy.setAttribute(name, round(value));
  copy.setAttribute("opacity", opacity);
  return new XMLSerializer().serializeToString(copy);
}

function ground(element, style, place, origin, opacity) {
  const [x, y] = [place.left - origin.left, place.top - origin.top], parts = [];
  if (element.tagName === "I" && style.transform !== "none" && !isClear(style.backgroundColor)) {
    const { paint } = plain(style.backgroundColor), [w, h] = [place.width / 2, place.height / 2].map(round);
    return `<path d="M${round(x + w)} ${round(y)}l${w} ${h}l${-w} ${h}l${-w} ${-h}z" fill="${paint}" opacity="${opacity}"/>`;
  }
  const round_ = ` rx="${parseFloat(style.borderTopLeftRadius) || 0}"`;
  if (!isClear(style.backgroundColor)) parts.push(box(x, y, place.width, place.height, style.backgroundColor, opacity, round_));
  if (style.backgroundImage.startsWith("repeating")) {
    const { paint } = plain(style.outlineColor);
    parts.push(`<rect x="${round(x)}" y="${round(y)}" width="${round(place.width)}" height="${round(place.height)}" fill="none" stroke="${paint}"/>`);
    for (let step = 3; step < place.width; step += 5)
      parts.push(`<path d="M${round(x + step)} ${round(y)}v${round(place.height)}" stroke="${paint}" stroke-width="1.5"/>`);
  } else if (style.getPropertyValue("--share") && element.tagName === "BUTTON")
    parts.push(box(x, y, place.width * parseFloat(style.getPropertyValue("--share")) / 100, place.height, "#56b4e9", 0.36 * opacity));
  else if (style.backgroundImage.startsWith("linear"))
    parts.push(box(x + place.width / 2 - 0.5, y, 1, place.height, style.color, opacity));
  if (element.tagName === "BUTTON") return parts.join("");
  for (const [side, left, top, width, height] of [["Bottom", 0, place.height, place.width, 0], ["Top", 0, 0, place.width, 0], ["Left", 0, 0, 0, place.height]]) {
    const thick = parseFloat(style[`border${side}Width`]);
    if (thick && style[`border${side}Style`] !== "none")
      parts.push(box(x + left, y + top - (side === "Bottom" ? thick : 0), width || thick, height || thick, style[`border${side}Color`], opacity));
  }
  if (element.tagName === "EM")
    for (const end of [x, x + place.width - 1]) parts.push(box(end, y - 2, 1, 5, style.color, opacity));
  return parts.join("");
}

function laid(element, origin, opacity = 1) {
  const style = getComputedStyle(element), place = element.getBoundingClientRect();
  if (style.display === "none" || style.visibility === "hidden" || element.matches(`.mf-take, .mf-hidden, details:not([open]), ${ICON}`)) return "";
  const seen = opacity * parseFloat(style.opacity);
  if (element.tagName === "svg") return picture(element, origin, seen);
  const parts = place.width ? [ground(element, style, place, origin, seen)] : [];
  for (const node of element.childNodes) {
    if (node.nodeType === Node.TEXT_NODE) parts.push(words(node, origin, seen));
    else if (node.nodeType === Node.ELEMENT_NODE) parts.push(laid(node, origin, seen));
  }
  return parts.join("");
}

function wrapped(text, width, font = `${NOTE}px sans-serif`) {
  const pen = document.createElement("canvas").getContext("2d"), lines = [""];
  pen.font = font;
  for (const word of text.split(" ")) {
    const longer = `${lines.at(-1)} ${word}`.trim();
    if (pen.measureText(longer).width > width && lines.at(-1)) lines.push(word);
    else lines[lines.length - 1] = longer;
  }
  return lines;
}

function titled(figure) {
  const fold = figure.closest("details")?.querySelector("summary [data-testid=stMarkdownContainer]")?.textContent;
  const own = figure.querySelector("figcaption b")?.textContent ?? figure.getAttribute("aria-label") ?? fold;
  if (own) return own;
  const whole = (text) => text.replaceAll("\u00ad", "");  // where a word may be parted is for the page alone
  const heads = [...document.querySelectorAll("h1, h2, h3, h4, h5")];
  const head = heads.filter((h) => h.compareDocumentPosition(figure) & Node.DOCUMENT_POSITION_FOLLOWING).at(-1);
  const view = head?.closest(".st-key-heading")?.querySelector("[aria-checked=true]")?.textContent;
  return whole([head?.textContent ?? document.title, view].filter(Boolean).join(": "));
}

// Whom a figure is about: the patient of the page, unless a text beside it says of whom.
function about(figure, data) {
  const other = figure.closest("[class*=st-key-whose_]")?.querySelector(".whose")?.dataset ?? {};
  return [other.patient ?? data.patient, other.version ?? data.version];
}

function drawing(figure, data) {
  const wide = [...figure.querySelectorAll(".mf, .mf-map")];
  for (const one of wide) one.scrollLeft = 0;
  const origin = figure.getBoundingClientRect();
  const widths = [figure, ...wide].map((one) => one.scrollWidth);
  const width = Math.ceil(Math.max(origin.width, ...widths)) + 2 * EDGE;
  const page = getComputedStyle(document.querySelector(".stApp")), { paint: back } = plain(page.backgroundColor), { paint: ink } = plain(page.color);
  const notes = (texts, y) => texts.flatMap((text) => wrapped(text, width - 2 * EDGE)).map((line, i) =>
    `<text x="${EDGE}" y="${y + (i + 1) * 1.4 * NOTE}" font-size="${NOTE}" fill="${ink}" opacity="0.8">${escape(line)}</text>`);
  const heads = figure.querySelector("figcaption b") ? [] : wrapped(titled(figure), width - 2 * EDGE, "700 16px sans-serif");
  const title = heads.map((line, i) => `<text x="${EDGE}" y="${EDGE + 14 + 22 * i}" font-size="16" font-weight="700" fill="${ink}">${escape(line)}</text>`);
  const top = EDGE + 22 * title.length, below = top + origin.height + 6, foot = notes(about(figure, data), below);
  const height = Math.ceil(below + foot.length * 1.4 * NOTE + EDGE);
  return { width, height, text: `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" font-family="'Source Sans', 'Source Sans Pro', 'Source Sans 3', Arial, sans-serif"><title>${escape(titled(figure))}</title><rect width="100%" height="100%" fill="${back}"/>${title.join("")}<g transform="translate(${EDGE} ${top})">${laid(figure, origin)}</g>${foot.join("")}</svg>` };
}

// The cells of a row; of a button of a list its label, its value and what stands below.
function cellsOf(row) {
  if (row.tagName !== "BUTTON") return [...row.children];
  const line = row.querySelector("p"), label = line.cloneNode(true);
  label.querySelectorAll(`strong, em, ${ICON}`).forEach((one) => one.remove());
  return [label, ...line.querySelectorAll("strong, em")];
}

// What a cell says; what stands in small letters in it is set off.
function said(element) {
  const copy = element.cloneNode(true);
  copy.querySelectorAll(".mf-small, .mf-scale, .mf-rank, [aria-hidden=true]").forEach((one) => one.remove());
  const nodes = document.createTreeWalker(copy, NodeFilter.SHOW_TEXT), texts = [];
  let line = null;
  while (nodes.nextNode()) {
    const part = nodes.currentNode.data.trim(), own = nodes.currentNode.parentElement.closest("small, .mf-interval");
    if (part) texts.push(own && own !== line && texts.length ? `| ${part}` : part);
    line = own;
  }
  return texts.join(" ").replace(/\s+/g, " ");
}

// What a sheet would take for a formula begins with an apostrophe; a number with its sign is none.
function table(figure, data) {
  const quoted = (text) => {
    const signed = text.replace(/^−(?=\d)/, "-");
    return `"${(/^[=+\-@](?![\d.,]+$)/.test(signed) ? `'${signed}` : signed).replaceAll('"', '""')}"`;
  };
  const rows = [...figure.querySelectorAll(ROWS)].map((row) => cellsOf(row).map(said));
  const lines = rows.map((row) => row.map(quoted).join(data.parting));
  return `\ufeff${[...lines, "", ...[titled(figure), ...about(figure, data)].map(quoted)].join("\r\n")}\r\n`;
}

function give(content, kind, figure, ending) {
  const link = document.createElement("a");
  const plainer = titled(figure).toLowerCase().replace(/[äöüß]/g, (c) => ({ ä: "ae", ö: "oe", ü: "ue", ß: "ss" })[c]).normalize("NFKD");
  const name = plainer.replace(/\p{M}/gu, "").replace(/[^\w]+/g, "_").slice(0, 60).replace(/^_|_$/g, "");
  link.href = URL.createObjectURL(new Blob([content], { type: kind }));
  link.download = `millet_${name || "figure"}.${ending}`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60000);
}

function painted(figure, data) {
  const { width, height, text } = drawing(figure, data), image = new Image();
  image.onload = () => {
    const canvas = Object.assign(document.createElement("canvas"), { width: SCALE * width, height: SCALE * height });
    canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
    canvas.toBlob((blob) => give(blob, "image/png", figure, "png"), "image/png");
  };
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(text)}`;
}

const WAYS = {
  SVG: (figure, data) => give(drawing(figure, data).text, "image/svg+xml", figure, "svg"),
  PNG: painted,
  CSV: (figure, data) => give(table(figure, data), "text/csv", figure, "csv"),
};

function way(name, figure) {
  const button = Object.assign(document.createElement("button"), { type: "button", textContent: name });
  button.dataset.way = name;
  button.setAttribute("aria-label", `${window.milletTake.words}: ${name}, ${titled(figure)}`);
  button.addEventListener("click", () => WAYS[name](figure, window.milletTake));
  return button;
}

// A table of its own may hold nothing but rows: there the menu stands below, and goes when its figure goes.
function offer() {
  for (const menu of document.querySelectorAll(":not(figure) > .mf-take"))
    if (!menu.previousElementSibling?.matches(FIGURES)) menu.remove();
  for (const figure of document.querySelectorAll(FIGURES)) {
    const isWhole = figure.tagName === "FIGURE";
    const place = isWhole ? figure.lastElementChild : figure.nextElementSibling;
    if (place?.matches(".mf-take")) {
      // A list that was empty when it was met has rows by now.
      if (!isWhole && figure.querySelector(ROWS) && !place.querySelector("[data-way=CSV]")) place.append(way("CSV", figure));
      continue;
    }
    const menu = document.createElement("div");
    menu.className = "mf-take";
    for (const name of Object.keys(WAYS)) {
      if (name !== "CSV" || figure.querySelector(ROWS)) menu.append(way(name, figure));
    }
    if (isWhole) figure.append(menu);
    else figure.after(menu);
  }
}

export default function ({ data }) {
  const isFirst = !window.milletTake;
  window.milletTake = data;
  offer();
  if (isFirst) new MutationObserver(offer).observe(document.body, { childList: true, subtree: true });
}
