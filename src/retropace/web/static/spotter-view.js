// What a spotter sees: the page holds every word, this shows the ones that are true.

const part = (name) => document.querySelector(`[data-part="${name}"]`);
const fill = (element, values) => element.dataset.words.replace(/\{(\w+)\}/g, (_, name) => values[name]);
/** Of the words marked data-KIND inside `root` the one for `value` is seen. */
function choose(root, kind, value) {
  for (const one of root.querySelectorAll(`[data-${kind}]`)) one.hidden = one.dataset[kind] !== value;
}
function write(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

/** The next piece is near [s], and so is the line [m]. */
const SOON_S = 10;
const NEAR_M = 8;
/** The drawing of the way [its units]. */
const WAY = 350;

const parts = Object.fromEntries(
  ["age", "state", "repeat", "numbers", "left", "minutes", "room", "way", "gone", "line", "here", "line-words", "do", "why", "stop"].map(
    (name) => [name, part(name)],
  ),
);
const page = document.getElementById("duty");
const panels = [...document.querySelectorAll("[data-panel]")];
let said = "";

/**
 * @param {{mode: string, state: object|null, left_s: number|null, age_s: number|null, why: string, ifs: Record<string, boolean>}} now
 *   mode: live, waiting, sending, shout, lost, stopped, over or ended; `state` as the runner's phone told it
 */
export function show(now) {
  const panel = { waiting: "live", sending: "live" }[now.mode] ?? now.mode;
  document.body.dataset.show = now.mode;
  for (const one of panels) one.hidden = one.dataset.panel !== panel;
  for (const one of page.querySelectorAll("[data-if]")) one.hidden = !now.ifs[one.dataset.if];
  write(parts.age, now.age_s === null ? "" : fill(parts.age, { n: now.age_s < 10 ? now.age_s.toFixed(1) : Math.round(now.age_s) }));
  choose(parts.stop, "label", { sending: "sending", shout: "again", lost: "stop" }[now.mode] ?? "stop");
  parts.stop.hidden = now.mode === "over" || now.mode === "ended";
  choose(parts.why, "why", now.why);
  if (panel === "live") live(now);
  tell(now, panel);
}

function live({ mode, state, left_s }) {
  const status = mode === "waiting" || !state ? "idle" : state.status;
  const doing = status === "running" ? state.state : status === "paused" ? "paused" : "idle";
  document.body.dataset.doing = doing;
  choose(parts.state, "state", doing);
  const counts = doing === "reverse" && state.of > 1;
  write(parts.repeat, counts ? fill(parts.repeat, { n: state.repeat, of: state.of }) : "");
  const going = status === "running" || status === "paused";
  parts.numbers.hidden = !going;
  if (going) time(left_s);
  const to_m = status === "running" && doing === "reverse" && !state.treadmill ? state.to_end_m : null;
  room(to_m);
  way(to_m, state);
  choose(parts.do, "do", mode === "waiting" ? "waiting" : advice(doing, state, left_s, to_m));
}

function advice(doing, state, left_s, to_m) {
  if (doing === "reverse") return to_m !== null && to_m < NEAR_M ? "near" : "reverse";
  if (doing === "walk" || doing === "run" || doing === "stand" || doing === "stop") {
    if (state.next === "reverse" && left_s !== null && left_s <= SOON_S) return "soon";
    return doing === "stand" || doing === "stop" ? "stand" : "walk";
  }
  return doing;
}

function time(left_s) {
  const digits = parts.left.querySelector("b");
  const whole = left_s === null ? null : Math.ceil(Math.max(0, left_s));
  const long = whole !== null && whole >= 60;
  parts.left.classList.toggle("long", long);
  parts.minutes.hidden = !long;
  parts.minutes.previousElementSibling.hidden = long;
  parts.left.hidden = whole === null;
  write(digits, long ? `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}` : String(whole ?? ""));
}

function room(to_m) {
  parts.room.hidden = to_m === null;
  if (to_m === null) return;
  const far = Math.max(0, to_m) * Number(parts.room.dataset.perM);
  parts.room.classList.toggle("long", far >= 99.5);
  write(parts.room.querySelector("b"), String(Math.floor(far)));
}

/** They begin on the right and go to the left, as everything backward does here; what lies behind them is hatched. */
function way(to_m, state) {
  const whole_m = (state?.clear_m ?? 0) + (state?.keep_m ?? 0);
  parts.way.hidden = to_m === null || !(whole_m > 0);
  if (parts.way.hidden) return;
  const at = (metres) => Math.min(WAY - 1, Math.max(1, (metres / whole_m) * WAY));
  const line = at(state.keep_m ?? 0);
  const here = at((state.keep_m ?? 0) + to_m);
  parts.line.setAttribute("transform", `translate(${line})`);
  parts.here.setAttribute("transform", `translate(${Math.min(WAY - 11, Math.max(11, here))})`);
  parts.gone.setAttribute("x", here);
  parts.gone.setAttribute("width", Math.max(0, WAY - 1 - here));
  parts["line-words"].style.marginInlineStart = `${(100 * line) / WAY}%`;
}

/** Readers of screens hear what changed, once: dangers at once, the rest when there is a pause. */
function tell(now, panel) {
  const shown = page.querySelector(`[data-panel="${panel}"]`);
  const words = panel === "live" ? [parts.state, parts.do] : [shown];
  const text = words.map((one) => one.innerText.trim().replace(/\s+/g, " ")).join(". ");
  const urgent = now.mode === "shout" || now.mode === "lost";
  if (`${now.mode} ${text}` === said) return;
  said = `${now.mode} ${text}`;
  write(document.getElementById("alarm"), urgent ? text : "");
  write(document.getElementById("status"), urgent ? "" : text);
}
