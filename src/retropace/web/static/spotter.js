// A spotter's page: ready once, then always STOP under the thumb. Anything unclear is shown as a link that is lost.
import { Awake } from "./coach-awake.js";
import { Link } from "./coach-link.js";
import { Sound } from "./spotter-sound.js";
import { Stopping } from "./spotter-stop.js";
import { show } from "./spotter-view.js";

const { at, beat, lost, undelivered } = document.body.dataset;
const LOST_MS = Number(lost) * 1000;
const KEPT = "spotter-ready";
const EACH_MS = 100;
/** The siren sounds at least so long, even where STOP arrived at once [ms]. */
const SIREN_MS = 1200;
/** A state that was under way before the runner's phone stopped is told for so long after it [ms]. */
const LATE_MS = 1000;
/** A click that follows its own press within this time [ms] is the same press. */
const SAME_MS = 800;

const sound = new Sound();
const awake = new Awake();
const stop = document.querySelector('[data-part="stop"]');
const seen = { heard: -Infinity, state: null, told: -Infinity, here: false, over: false, closed: 0, stopped: -Infinity };
let link = null;
let stopping = null;
let pressed = -Infinity;
let quiet = false;
let hushing = 0;
let began = -Infinity;

// -- ready ----------------------------------------------------------------------------------------------------------------

const form = document.getElementById("begin");
document.querySelector('[data-part="ready"]').hidden = false;
form.addEventListener("submit", (event) => {
  event.preventDefault();
  const kept = { name: form.elements.name.value.trim(), look: form.elements.look.value };
  sessionStorage.setItem(KEPT, JSON.stringify(kept));
  sound.check();
  begin(kept);
});
form.addEventListener("change", () => look(form.elements.look.value));
const kept = sessionStorage.getItem(KEPT);
if (kept) begin(JSON.parse(kept));

function look(theme) {
  if (theme) document.documentElement.dataset.theme = theme;
  else delete document.documentElement.dataset.theme;
}

function begin({ name, look: theme }) {
  began = performance.now();
  look(theme);
  document.getElementById("ready").hidden = true;
  document.getElementById("duty").hidden = false;
  const says = () => ({ visible: document.visibilityState === "visible" });
  link = new Link(`${at}/link`, { beat_s: Number(beat), lost_s: Number(lost), beat: says });
  link.addEventListener("up", (event) => event.detail.up && link.send({ k: "hello", name }));
  link.addEventListener("message", (event) => hear(event.detail));
  link.addEventListener("closed", (event) => { seen.closed = event.detail.code; });
  link.addEventListener("up", draw);
  stopping = new Stopping(link, `${at}/stop`, Number(undelivered));
  stopping.addEventListener("stage", (event) => staged(event.detail.stage));
  if (stopping.stage === "sending") sound.sound();
  awake.hold();
  listen();
  draw();
  stop.focus({ preventScroll: true });
  setInterval(draw, EACH_MS);
}

// -- what the runner's phone says -----------------------------------------------------------------------------------------

function hear(message) {
  const now = performance.now();
  if (message.k === "beat" || message.k === "state") seen.heard = now;
  if (message.k === "state") {
    seen.state = message.state;
    seen.told = now - message.age_s * 1000;
    if (message.age_s) seen.heard = seen.told;
    if (message.state.status === "running" && now - seen.stopped > LATE_MS) stopping.forget();
  } else if (message.k === "stopped") {
    stopping.heard(message.id);
  } else if (message.k === "went_on") {
    stopping.forget();
  } else if (message.k === "over") {
    seen.over = true;
  } else if (message.k === "runner") {
    seen.here = message.here;
    if (message.here) seen.heard = now; // its first beat is under way
  }
  draw();
}

// -- STOP -----------------------------------------------------------------------------------------------------------------

function listen() {
  stop.addEventListener("pointerdown", (event) => {
    if (event.button === 0) press();
  });
  // What readers of screens and switches send is a click without a pointer before it.
  stop.addEventListener("click", () => performance.now() - pressed > SAME_MS && press());
  stop.addEventListener("contextmenu", (event) => event.preventDefault());
  document.addEventListener("keydown", onKey);
  document.querySelector('[data-part="hush"]').addEventListener("click", () => {
    quiet = true;
    sound.hush();
    stop.focus({ preventScroll: true });
    draw();
  });
  addEventListener("pagehide", () => link.close());
  addEventListener("pageshow", (event) => event.persisted && location.reload());
}

function onKey(event) {
  if (![" ", "Enter", "Escape"].includes(event.key) || stop.hidden) return;
  const other = event.target.closest?.("button, a, input") ?? stop;
  if (event.key !== "Escape" && other !== stop) return;
  event.preventDefault();
  if (!event.repeat) press();
}

function press() {
  if (stop.hidden) return;
  pressed = performance.now();
  quiet = false;
  stopping.forget();
  stopping.press();
  clearTimeout(hushing);
  sound.sound();
  draw();
}

function staged(stage) {
  if (stage === "stopped") {
    seen.stopped = performance.now();
    hushing = setTimeout(() => sound.hush(), Math.max(0, SIREN_MS - (performance.now() - pressed)));
  }
  draw();
}

// -- what is seen ---------------------------------------------------------------------------------------------------------

function mode() {
  const now = performance.now();
  const status = seen.state?.status;
  if (seen.over || status === "done") return "over";
  if (seen.closed) return "ended";
  if (stopping.stage === "sending" || stopping.stage === "shout") return stopping.stage;
  if (seen.heard === -Infinity && link.up) return "waiting";
  if (!link.up || now - seen.heard > LOST_MS) return now - began < LOST_MS ? "waiting" : "lost";
  return stopping.stage === "stopped" || status === "stopped" ? "stopped" : "live";
}



function left() {
  const { state, told } = seen;
  if (typeof state?.left_s !== "number") return null;
  return state.status === "running" ? state.left_s - (performance.now() - told) / 1000 : state.left_s;
}

function why() {
  if (stopping.stage === "stopped") return "me";
  const told = seen.state?.why;
  return told === "spotter" || told === "runner" ? told : "other";
}

function draw() {
  const is = mode();
  sound.chirp(is === "lost");
  const live = is === "live" || is === "waiting" || is === "stopped" || is === "lost";
  const ifs = {
    linked: is === "live" || is === "stopped" || ((is === "sending" || is === "shout") && link.up && seen.here),
    waiting: is === "waiting",
    lost: is === "lost" || ((is === "sending" || is === "shout") && !(link.up && seen.here)),
    loud: !quiet && sound.on,
    mute: !quiet && !sound.on,
    quiet,
    unquiet: !quiet,
    mine: !link.up,
    theirs: link.up,
    ended: seen.closed !== 4001,
    elsewhere: seen.closed === 4001,
    sounding: live && sound.on && awake.held,
    silent: live && !sound.on,
    dark: live && sound.on && !awake.held,
  };
  const age_s = seen.heard === -Infinity || is === "over" || is === "ended" ? null : (performance.now() - seen.heard) / 1000;
  show({ mode: is, state: seen.state, left_s: left(), age_s, why: why(), ifs });
}
