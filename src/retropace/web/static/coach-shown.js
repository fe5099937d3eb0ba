// What the live screen makes of numbers and pieces: figures, letters that fit, warnings, and what a hand feels.

/** From so many seconds on they are told as minutes. */
const MINUTES_FROM_S = 100;
/** How wide a digit and a colon are drawn, in hundredths of the font size: narrower than they come, so that they get taller. */
const DIGIT = 57, NARROW_DIGIT = 50, COLON = 24;
/** Vibration [ms on, off, on, ...]: each of its own, so that it is known without a look. */
const FELT = {
  reverse: [600], walk: [150, 100, 150], run: [150, 100, 150], stop: [400, 100, 400, 100, 400], stopped: [400, 100, 400, 100, 400],
  stand: [300, 100, 300], left: [60], right: [60, 80, 60],
};

/** What is left as {text, unit: seconds|minutes, wide, seconds}: "12", from 100 s on "1:40". Unknown is empty. */
export function figure(left_s) {
  if (!Number.isFinite(left_s)) return { text: "", unit: "seconds", wide: DIGIT, seconds: 0 };
  const seconds = Math.max(0, Math.ceil(left_s - 0.001)), text = shortly(seconds);
  const digit = text.length > 2 ? NARROW_DIGIT : DIGIT;
  const wide = [...text].reduce((sum, sign) => sum + (sign === ":" ? COLON : digit), 0);
  return { text, unit: seconds >= MINUTES_FROM_S ? "minutes" : "seconds", wide, seconds };
}

/** A length in as few signs as can be: "60", "5:00". */
export function shortly(left_s) {
  const seconds = Math.round(left_s);
  if (seconds < MINUTES_FROM_S) return `${seconds}`;
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}

/** The repeat under way, else how many are left, else which piece it is: {word, n, of}. */
export function repeatOf(pieces, at, begun) {
  const here = begun ? pieces[at] : null;
  if (here?.of) return { word: "repeat", n: here.repeat, of: here.of };
  const before = begun ? pieces.slice(0, at).findLast((piece) => piece.of) : null;
  const any = before ?? pieces.slice(begun ? at : 0).find((piece) => piece.of);
  if (any) return { word: "remaining", n: any.of - (before ? before.repeat : 0), of: any.of };
  return { word: "stretch", n: at + 1, of: pieces.length };
}

/** Fills {names} in. */
export const fill = (words, values) => (words ?? "").replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");

/** spotter-lost as the page's data call it: spotterLost. */
export const camel = (key) => key.replace(/[-_]+(\w)/g, (_, letter) => letter.toUpperCase());

/** The page's words, table by table. */
export function wordsOf(live) {
  return Object.fromEntries([...live.querySelectorAll("template[data-words]")].map(({ dataset: { words, ...told } }) => [words, told]));
}

/** Writes only what has changed; says whether it had. */
export function set(element, text) {
  if (element.textContent === text) return false;
  element.textContent = text;
  return true;
}

/** A word as wide as its box at most: squeezed there, never lowered. */
export function squeeze(text) {
  const svg = text.ownerSVGElement, room = svg.clientWidth;
  if (!room) return; // not on the screen
  text.removeAttribute("textLength");
  text.setAttribute("y", "98%");
  if (text.getComputedTextLength() <= room) return;
  text.setAttribute("lengthAdjust", "spacingAndGlyphs");
  text.setAttribute("textLength", room);
}

/** Digits as large as their box allows. */
export function drawDigits(text, wide) {
  text.ownerSVGElement.setAttribute("viewBox", `0 0 ${wide} 76`);
  text.setAttribute("x", wide / 2);
  text.setAttribute("y", 74.5);
  text.setAttribute("textLength", wide - 2);
}

/** The gravest warnings in words with their signs, of the others how many there are. */
export function drawWarnings(box, warnings, more, most) {
  const key = `${most} ${JSON.stringify(warnings)}`;
  if (box.dataset.told === key) return;
  box.dataset.told = key;
  const lines = warnings.slice(0, most).map(({ key, words }) => {
    const line = document.createElement("p");
    line.append(signOf(key), words);
    return line;
  });
  if (warnings.length > most) {
    const rest = document.createElement("b"), told = document.createElement("span"), n = warnings.length - most;
    rest.className = "more";
    rest.ariaHidden = "true";
    rest.textContent = `+${n}`;
    told.className = "sr";
    told.textContent = fill(more, { n });
    lines.at(-1).append(rest, told);
  }
  box.replaceChildren(...lines);
}

/** Signs that have another name than their warning; what has no sign gets that of all warnings. */
const SIGNS = { spotterLost: "lost" };

function signOf(key) {
  const name = SIGNS[camel(key)] ?? key;
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg"), use = document.createElementNS(svg.namespaceURI, "use");
  svg.setAttribute("class", "sign");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("width", "24");
  svg.setAttribute("height", "24");
  svg.setAttribute("aria-hidden", "true");
  use.setAttribute("href", `#live-${document.getElementById(`live-${name}`) ? name : "warn"}`);
  svg.append(use);
  return svg;
}

/** Felt in the hand, where a phone can: a change of what to do, and the side to look to. */
export function feel(kind) {
  if (FELT[kind]) navigator.vibrate?.(FELT[kind]);
}
