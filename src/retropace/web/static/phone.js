// This phone: tries what the coach will need, says in words what is missing, and hands out what it measured.

import { Awake } from "./coach-awake.js";
import { Senses } from "./coach-senses.js";
import { keepOffline } from "./offline.js";

const words = JSON.parse(document.getElementById("words").textContent);
const part = (id) => document.getElementById(id);
const TRY_S = 12;
/** Slower than this the clocks count as apart [s]; the server's has whole seconds. */
const CLOCK_S = 5;
/** What no session begins without, and what only makes it poorer. */
const NEEDED = ["sound", "awake", "keep"], WANTED = ["secure", "offline", "motion", "position"];
const found = {};

const filled = (text, values) => text.replace(/{(\w+)}/g, (_, name) => values[name]);
const round = (value, digits = 0) => Number(value.toFixed(digits));

/** Show and remember how one check went. */
function tell(key, state, measured = {}, detail = "") {
  found[key] = { state, ...measured };
  const row = document.querySelector(`[data-check="${key}"]`);
  row.dataset.state = state;
  row.querySelector("[data-part=state]").textContent = words.states[state];
  if (detail) row.querySelector("[data-part=detail]").textContent = filled(words.details[detail], measured);
  row.querySelector("[data-part=fix]").hidden = state === "works" || state === "open";
}

/** What can be said without a tap. */
async function look() {
  const able = Senses.able();
  tell("secure", able.secure ? "works" : "missing");
  tell("vibrate", able.vibrate ? "works" : "absent");
  tell("bluetooth", able.bluetooth ? "works" : "absent");
  for (const [key, has] of [["awake", able.wakelock], ["motion", able.motion], ["orientation", able.orientation], ["position", able.position]]) {
    if (!has) tell(key, "missing");
  }
  await Promise.all([lookOffline(), lookKeep(), lookClock(), lookPersist(able.persist)]);
}

async function lookOffline() {
  const kept = await keepOffline();
  if (!kept) { tell("offline", "missing"); return; }
  const ready = await Promise.race([navigator.serviceWorker.ready, new Promise((over) => setTimeout(over, 8000))]);
  tell("offline", ready ? "works" : "missing");
}

/** Writes a megabyte as the recorder would write a chunk, reads it back, and takes it away. */
async function lookKeep() {
  try {
    const ms = await writtenIn(new Uint8Array(1 << 20).fill(7));
    const { usage = 0, quota = 0 } = (await navigator.storage?.estimate?.()) ?? {};
    const free = Math.round((quota - usage) / 1e6);
    tell("keep", free > 100 || quota === 0 ? "works" : "weak", { ms: round(ms), free }, "commit");
  } catch (error) {
    tell("keep", "missing", { why: String(error) });
  }
}

function writtenIn(bytes) {
  return new Promise((done, failed) => {
    const opening = indexedDB.open("retropace-phone-check", 1);
    opening.onupgradeneeded = () => opening.result.createObjectStore("tried");
    opening.onerror = () => failed(opening.error);
    opening.onsuccess = () => {
      const base = opening.result, began = performance.now();
      const writing = base.transaction("tried", "readwrite", { durability: "strict" });
      writing.objectStore("tried").put(bytes, 1);
      writing.onabort = () => failed(writing.error);
      writing.oncomplete = () => {
        base.close();
        indexedDB.deleteDatabase("retropace-phone-check");
        done(performance.now() - began);
      };
    };
  });
}

async function lookClock() {
  try {
    const asked = Date.now(), answer = await fetch("/phone", { method: "HEAD", cache: "no-store" });
    const server = Date.parse(answer.headers.get("date")), here = (asked + Date.now()) / 2;
    if (Number.isNaN(server)) return;
    const seconds = round((here - server - 500) / 1000, 1);
    tell("clock", Math.abs(seconds) <= CLOCK_S ? "works" : "weak", { seconds }, "clock");
  } catch {
    // No server just now: the clock stays untried.
  }
}

async function lookPersist(able) {
  const kept = able && (await navigator.storage.persisted());
  tell("persist", kept ? "works" : "weak", { standalone: matchMedia("(display-mode: standalone)").matches });
}

// -- with a tap ---------------------------------------------------------------------------------------------------------

async function test() {
  part("begin").hidden = true;
  part("how").hidden = true;
  const senses = new Senses();
  const asked = senses.ask();  // inside the tap, as phones want it
  const heard = sound();
  await Promise.all([stayAwake(), heard, asked.then((allowed) => feel(senses, allowed))]);
  navigator.vibrate?.([200]);
  if (Senses.able().persist) await navigator.storage.persist().then(() => lookPersist(true));
  finished();
}

async function stayAwake() {
  const awake = new Awake();
  await awake.hold();
  tell("awake", awake.held ? "works" : Senses.able().wakelock ? "refused" : "missing");
  setTimeout(() => awake.release(), TRY_S * 1000);
}

/** A tone left and one right; whether the clock of the sound moves, and then whether a person heard it. */
async function sound() {
  const Context = globalThis.AudioContext ?? globalThis.webkitAudioContext;
  if (!Context) { tell("sound", "missing"); return; }
  const context = new Context();
  await Promise.race([context.resume(), new Promise((over) => setTimeout(over, 2000))]);
  const before = context.currentTime;
  [-1, 1].forEach((side, turn) => tone(context, before + 0.2 + turn * 0.8, side));
  await new Promise((over) => setTimeout(over, 1800));
  const moved = context.currentTime > before + 1;
  const delay = Math.round(1000 * ((context.baseLatency ?? 0) + (context.outputLatency ?? 0)));
  if (!moved) { tell("sound", "missing", { delay }, "sound"); return; }
  part("ask").hidden = false;
  const yes = await new Promise((answer) => {
    for (const button of document.querySelectorAll("[data-heard]")) button.addEventListener("click", () => answer(button.dataset.heard === "yes"), { once: true });
  });
  part("ask").hidden = true;
  tell("sound", yes ? "works" : "missing", { delay, heard: yes }, "sound");
  context.close();
}

function tone(context, at, side) {
  const [made, loud, where] = [context.createOscillator(), context.createGain(), context.createStereoPanner()];
  made.frequency.value = side < 0 ? 523 : 784;
  where.pan.value = side;
  loud.gain.setValueAtTime(0, at);
  loud.gain.linearRampToValueAtTime(0.5, at + 0.01);
  loud.gain.setValueAtTime(0.5, at + 0.4);
  loud.gain.linearRampToValueAtTime(0, at + 0.5);
  made.connect(loud).connect(where).connect(context.destination);
  made.start(at);
  made.stop(at + 0.6);
}

/** Listens to every sensor for a while. */
async function feel(senses, allowed) {
  const samples = { motion: [], orientation: [], position: [] };
  const began = performance.timeOrigin + performance.now();
  for (const kind of Object.keys(samples)) senses.addEventListener(kind, ({ detail }) => samples[kind].push(detail));
  senses.start();
  for (let left = TRY_S; left > 0; left -= 1) {
    part("verdict").textContent = filled(words.verdicts.trying, { left });
    await new Promise((over) => setTimeout(over, 1000));
  }
  senses.stop();
  toldMotion(samples.motion, allowed.motion);
  toldOrientation(samples.orientation, allowed.orientation);
  toldPosition(samples.position, allowed.position, began);
}

const without = (allowed) => (allowed === "denied" ? "refused" : "missing");
const rateOf = (samples) => samples.length < 2 ? 0 : round((samples.length - 1) / ((samples.at(-1).at_ms - samples[0].at_ms) / 1000), 1);

/** The smallest difference between two values: how finely the browser tells. */
function stepOf(values) {
  const sorted = [...new Set(values.filter((value) => !Number.isNaN(value)))].sort((one, other) => one - other);
  const steps = sorted.slice(1).map((value, at) => value - sorted[at]).filter((step) => step > 1e-6);
  return steps.length ? round(Math.min(...steps), 4) : null;
}

function toldMotion(samples, allowed) {
  if (samples.length < 2) { tell("motion", without(allowed)); return; }
  const gaps = samples.slice(1).map((one, at) => one.at_ms - samples[at].at_ms);
  const measured = { rate: rateOf(samples), step: stepOf(samples.map((one) => one.gx)) ?? "?", unit: "m/s²", longest_gap_ms: round(Math.max(...gaps)), turns: samples.some((one) => !Number.isNaN(one.ra)) };
  tell("motion", measured.rate >= 25 ? "works" : "weak", measured, "rate");
}

function toldOrientation(samples, allowed) {
  if (samples.length < 2) { tell("orientation", without(allowed)); return; }
  const north = samples.some((one) => !Number.isNaN(one.compass));
  tell("orientation", north ? "works" : "weak", { rate: rateOf(samples), north }, north ? "north" : "turns");
}

function toldPosition(samples, allowed, began) {
  if (!samples.length) { tell("position", without(allowed)); return; }
  const accuracy = round(Math.min(...samples.map((one) => one.accuracy_m)));
  const measured = { seconds: round(Math.max(0, samples[0].at_ms - began) / 1000, 1), accuracy, speed: samples.some((one) => !Number.isNaN(one.speed_mps)) };
  tell("position", accuracy <= 20 ? "works" : "weak", measured, "position");
}

function finished() {
  const bad = (key) => ["missing", "refused", undefined].includes(found[key]?.state);
  const verdict = NEEDED.some(bad) ? "not" : WANTED.some(bad) ? "partly" : "ready";
  part("verdict").textContent = words.verdicts[verdict];
  part("begin").hidden = false;
  part("told").hidden = false;
}

// -- the result as a file -----------------------------------------------------------------------------------------------

/** What was measured, without position or name. */
export function result() {
  const { width, height, orientation } = screen;
  const device = { agent: navigator.userAgent, platform: navigator.userAgentData?.platform ?? navigator.platform, language: navigator.language };
  const shape = { width, height, pixels: devicePixelRatio, turned: orientation?.type ?? null, standalone: matchMedia("(display-mode: standalone)").matches };
  const edition = new URL(import.meta.url).pathname.split("/")[2];
  return { version: 1, made: new Date().toISOString(), edition, device, screen: shape, checks: found };
}

function save() {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([JSON.stringify(result(), null, 1)], { type: "application/json" }));
  link.download = `retropace-phone-${new Date().toISOString().slice(0, 10)}.json`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}

async function copy() {
  try {
    await navigator.clipboard.writeText(JSON.stringify(result(), null, 1));
    part("copied").textContent = words.copied;
  } catch {
    part("copied").textContent = words.not_copied;
  }
}

const DO = { test, save, copy };
document.addEventListener("click", ({ target }) => DO[target.closest("[data-do]")?.dataset.do]?.());
part("verdict").textContent = words.verdicts.open;
for (const id of ["verdict", "begin", "how"]) part(id).hidden = false;
look();
