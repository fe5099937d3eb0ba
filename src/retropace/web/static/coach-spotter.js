// The runner's side of the link to the spotters: whether somebody is there, and their STOP.
import { Link } from "./coach-link.js";

/** What a spotter is told of the runner; nothing else leaves the phone this way. */
const TOLD = ["status", "state", "why", "repeat", "of", "left_s", "next", "to_end_m", "clear_m", "keep_m", "treadmill"];
/** What a spotter is told at once when it changes; the rest at most so often [ms]. */
const AT_ONCE = ["status", "state", "why", "repeat", "next"];
const EVERY_MS = 200;

/**
 * Events: `link` {alive}: a spotter is there whose page is visible and beats, or is not any more; `spotters` {n, names};
 * `stop` {id, at_ms}: a spotter pressed STOP; told once, and again after a
 * reconnect until `stopped(id)` was called;
 * `closed` {code}: the link will not come back (4001: the run is coached in another page; 4401: signed out).
 */
export class Spotter extends EventTarget {
  #link = null;
  #there = new Map();
  #alive = false;
  #told = new Set();
  #stopped = new Set();
  #state = null;
  #sent_ms = -Infinity;
  #later = 0;

  /** @param {{run: string, csrf: string, rules: {beat: number, lost: number}}} given */
  constructor({ run, csrf, rules }) {
    super();
    Object.assign(this, { run, csrf, rules, count: 0, names: [] });
  }

  /** Whether a spotter is there, visible and beating. */
  get linked() {
    return this.#alive;
  }

  /** Make an address for a spotter; any before opens nothing from then on. @returns {Promise<{url, qr, expires, reachable}>} */
  async invite() {
    return await this.#ask("POST");
  }

  /** Let the address open nothing any more. */
  async uninvite() {
    await this.#ask("DELETE");
  }

  /** Open the link; it comes back by itself until `close`. */
  open() {
    if (this.#link) return;
    const { beat, lost } = this.rules;
    this.#link = new Link(`/coach/runs/${this.run}/link`, { beat_s: beat, lost_s: lost });
    this.#link.addEventListener("message", (event) => this.#hear(event.detail));
    this.#link.addEventListener("up", (event) => (event.detail.up ? this.#arrived() : this.#judge()));
    this.#link.addEventListener("closed", (event) => this.#pass("closed", event.detail));
    this.watching = setInterval(() => this.#judge(), 100);
  }

  /**
   * Tell the spotters how the runner does; call it as often as anything changes.
   * @param {object} state status (idle running paused stopped done), state (reverse walk run stand stop), why (who or what
   *   stopped: spotter, runner, or a rule), repeat, of, left_s, next (state of the next piece), to_end_m (left of the clear
   *   stretch; null: not known), clear_m (its whole length), keep_m (room kept free before its end), treadmill
   */
  tell(state) {
    const news = Object.fromEntries(TOLD.map((key) => [key, plain(state[key])]));
    const urgent = AT_ONCE.some((key) => news[key] !== this.#state?.[key]);
    this.#state = news;
    const due_ms = this.#sent_ms + EVERY_MS - performance.now();
    if (urgent || due_ms <= 0) this.#tellNow();
    else if (!this.#later) this.#later = setTimeout(() => this.#tellNow(), due_ms);
  }

  /** The runner's phone stopped, as this STOP asked: the spotter's phone is told, again if it did not hear it. */
  stopped(id) {
    this.#stopped.add(id);
    this.#link?.send({ k: "stopped", id });
  }

  /** The runner went on after a stop. */
  went_on() {
    this.#link?.send({ k: "went_on" });
  }

  /** The run is over: the spotters are told, and their address opens nothing any more. */
  async over() {
    this.#link?.send({ k: "over" });
    await this.uninvite();
  }

  /** Hang up. */
  close() {
    clearInterval(this.watching);
    clearTimeout(this.#later);
    this.#link?.close();
    this.#link = null;
    this.#there.clear();
    this.#judge();
  }

  async #ask(method) {
    const headers = { "x-csrf": this.csrf, accept: "application/json" };
    const answer = await fetch(`/coach/runs/${this.run}/spotter`, { method, headers, keepalive: method === "DELETE" });
    if (!answer.ok) throw new Error(`spotter: ${answer.status}`);
    return await answer.json();
  }

  #arrived() {
    this.#told.clear(); // what nobody obeyed yet is told again
    for (const id of this.#stopped) this.#link.send({ k: "stopped", id });
    if (this.#state) this.#tellNow();
  }

  #tellNow() {
    clearTimeout(this.#later);
    this.#later = 0;
    if (this.#link?.send({ k: "state", state: this.#state })) this.#sent_ms = performance.now();
  }

  #hear(message) {
    if (message.k === "stop") this.#stop(message);
    else if (message.k === "beat") this.#there.set(message.who, { visible: message.visible, heard: performance.now() });
    else if (message.k === "gone") this.#there.delete(message.who);
    else if (message.k === "spotters") {
      this.count = message.n;
      this.names = message.names;
      this.#pass("spotters", { n: message.n, names: message.names });
    }
    this.#judge();
  }

  #stop({ id, at_ms }) {
    if (this.#stopped.has(id)) this.stopped(id);
    else if (!this.#told.has(id)) {
      this.#told.add(id);
      this.#pass("stop", { id, at_ms });
    }
  }

  #judge() {
    const since = performance.now() - this.rules.lost * 1000;
    const alive = Boolean(this.#link?.up) && [...this.#there.values()].some((one) => one.visible && one.heard >= since);
    if (alive === this.#alive) return;
    this.#alive = alive;
    this.#pass("link", { alive });
  }

  #pass(name, detail) {
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }
}

/** Numbers, words and flags as they are; whatever cannot be told is not known. */
function plain(value) {
  if (typeof value === "number") return Number.isFinite(value) ? value : null;
  return typeof value === "boolean" || typeof value === "string" ? value : null;
}
