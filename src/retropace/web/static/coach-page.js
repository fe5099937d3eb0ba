// What every part of the coach's page uses: the words that stand in it, its named parts, its buttons.

const read = (id) => JSON.parse(document.getElementById(id)?.textContent ?? "{}");

/** Words by key, in the reader's language. */
export const words = read("words");
/** Modules that are wanted once the session is shown, by address. */
export const later = read("later");

/** The lock that a running session holds: no second one begins, and no new edition comes under a runner (sw.js). */
export const SESSION = "retropace-session";

/** A word with its {names} filled in. */
export const fill = (key, values = {}) => words[key].replace(/\{(\w+)\}/g, (_, name) => values[name]);

/** The parts of `root` by their data-part. */
export const partsOf = (root) => Object.fromEntries([...root.querySelectorAll("[data-part]")].map((one) => [one.dataset.part, one]));

/** Calls `does[NAME]` where a button with data-do=NAME inside `root` is pressed. */
export function onPress(root, does) {
  root.addEventListener("click", (event) => {
    const button = event.target.closest("[data-do]");
    if (button && root.contains(button)) does[button.dataset.do]?.(event);
  });
}

/** A copy of the row that a <template data-row> inside `root` holds. */
export const rowOf = (root, name) => root.querySelector(`template[data-row=${name}]`).content.firstElementChild.cloneNode(true);

/** A figure and what it is, as a row of dl.facts. */
export function factOf({ value, words: name }) {
  const row = document.createElement("div");
  const what = document.createElement("dt");
  const figure = document.createElement("dd");
  what.textContent = name;
  figure.textContent = value;
  row.append(what, figure);
  return row;
}

/** Writes `text` and hides the element where there is none. */
export function tell(element, text) {
  if (element.textContent !== text) element.textContent = text;
  element.hidden = !text;
}

/** Minutes and seconds: "2:40". */
export function clock(seconds) {
  const whole = Math.round(seconds);
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
}

/** The day of this phone, as the server writes it: "2026-11-22". */
export function today(at = new Date()) {
  return [at.getFullYear(), at.getMonth() + 1, at.getDate()].map((part) => String(part).padStart(2, "0")).join("-");
}

/** The day before the month, as everywhere in the app. */
const TONGUES = { en: "en-GB" };

/** A day as people say it here. */
export const dayWords = (day) =>
  new Date(`${day}T12:00`).toLocaleDateString(TONGUES[document.documentElement.lang] ?? document.documentElement.lang, { weekday: "long", day: "numeric", month: "long" });

const STATES = { ready: "title_ready", live: "title_live" };

/** Which of the page's sections is seen; `title` is its heading. */
export function at(state, title) {
  document.body.dataset.at = state;
  for (const id of ["trouble", "ready", "live", "after"]) document.getElementById(id).hidden = id !== state;
  document.getElementById("loading").hidden = true;
  for (const id of ["over", "beginning"]) document.getElementById(id).hidden = state !== "ready";
  document.getElementById("title").textContent = title;
  document.title = `${words[STATES[state]] ?? title} · retropace`;
  scrollTo(0, 0);
}

/** What went wrong and what to do, in place of everything else. */
export function trouble({ what, remedy }) {
  const section = document.getElementById("trouble");
  const part = partsOf(section);
  at("trouble", what);
  tell(part.what, "");
  tell(part.remedy, remedy ?? "");
}
