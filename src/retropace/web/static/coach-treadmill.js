// Treadmill: its belt told to go slower or faster, only after somebody said so for this session, never above their limit and
// never from standing: no command that starts a belt exists here. Stop and pause can always be sent and go before all else.

import { answerOf } from "./coach-frames.js";

/** Commands of the Fitness Machine Control Point. */
const REQUEST_CONTROL = 0x00, SET_SPEED = 0x02, STOP_OR_PAUSE = 0x08;
const STOP = 1, PAUSE = 2;
/** What a treadmill answers where it did as it was told, and where somebody else has its control. */
const DONE = 1, NOT_PERMITTED = 5;
/** A treadmill that says nothing for so long did not hear us [ms]; they answer within a tenth of it. */
const ANSWER_MS = 2000;
/** A belt's speed older than this says nothing of the belt now [ms]: treadmills tell it once a second. */
const FRESH_MS = 3000;
const KMH = 3.6;

const bytesOf = (command, ...rest) => Uint8Array.of(command, ...rest);

/**
 * Events: refused {what, why} for what was not done: what is "control", "speed", "stop" or "pause"; why "not_allowed" (nobody
 * opted in), "no_limit" (the screening allows no treadmill, or the treadmill tells no range), "stands", "unknown" (no speed
 * came lately), "stopped" (since a stop the belt has not been started by hand), "too_slow" (it cannot go so slowly),
 * "no_answer", "refused", "lost". What gave way to a stop is "superseded", in its own answer only.
 */
export class Treadmill extends EventTarget {
  #queue = [];
  #busy = false;
  #control = false;
  #halted = false;
  #stood = true;
  #belt = null;
  #answer = null;

  /**
   * @param {{writeValueWithResponse: Function}} point  the control point, its indications brought to answered()
   * @param {{range: {least, most, step}|null, cap_kmh: number|null, now?: () => number, answer_ms?: number}} with
   */
  constructor(point, { range, cap_kmh, now = () => performance.now(), answer_ms = ANSWER_MS }) {
    super();
    Object.assign(this, { point, range, cap_kmh, now, answer_ms, allowed: false });
  }

  /** The opt-in, for this session; nothing keeps it. Whether the treadmill gave its control to us. */
  async allow(yes) {
    this.allowed = yes === true;
    if (!this.allowed) return { done: true, why: null, kmh: null };
    return this.#told("control", await this.#send(bytesOf(REQUEST_CONTROL)));
  }

  /** The fastest it may be told to go [km/h]; null where it may be told nothing. */
  get highest_kmh() {
    const known = Number.isFinite(this.cap_kmh) && this.range !== null;
    return known ? Math.min(this.cap_kmh, this.range.most) : null;
  }

  // -- what the treadmill tells ------------------------------------------------------------------------------------------

  /** A frame's speed [m/s]: only a belt that moves may be told a speed, after a stop only once it was started by hand. */
  felt(speed_mps) {
    if (!Number.isFinite(speed_mps)) return;
    this.#belt = { speed_mps, at: this.now() };
    if (speed_mps > 0 && this.#stood) this.#halted = false;
    this.#stood = !(speed_mps > 0);
  }

  /** A word of statusOf(). */
  status(word) {
    if (word === "stopped" || word === "safety_key" || word === "reset") this.felt(0);
    if (word === "reset" || word === "control_lost") this.#control = false;
  }

  /** An indication of the control point. */
  answered(view) {
    const answer = answerOf(view);
    if (answer && this.#answer?.command === answer.command) this.#answer.over(answer.result);
  }

  /** The link broke: nothing is waited for, and control must be asked for again. */
  lost() {
    this.#control = false;
    this.#belt = null;
    for (const one of this.#queue.splice(0)) one.over("lost");
    this.#answer?.over("lost");
  }

  // -- what it is told ---------------------------------------------------------------------------------------------------

  /** Why it may not be told a speed now; null where it may. */
  get hindrance() {
    if (!this.allowed) return "not_allowed";
    if (this.highest_kmh === null) return "no_limit";
    if (this.#halted) return "stopped";
    if (!this.#belt || this.now() - this.#belt.at > FRESH_MS) return "unknown";
    return this.#belt.speed_mps > 0 ? null : "stands";
  }

  /**
   * A belt that moves goes at `kmh`, at the most it may, or not at all differently from now.
   * @returns {Promise<{done: boolean, why: string|null, kmh: number|null}>}
   */
  async speed(kmh) {
    const set = this.#settable(kmh);
    const why = this.hindrance ?? (set === null ? "too_slow" : null);
    if (why) return this.#told("speed", why);
    const hundredths = Math.round(set * 100);
    const bytes = bytesOf(SET_SPEED, hundredths & 0xff, hundredths >> 8);
    // Asked again just before it is sent: it may have been stopped while this waited.
    return this.#told("speed", await this.#send(bytes, () => this.hindrance), set);
  }

  /** Stop the belt: whoever is in control, whatever is being said, as often as it is pressed. */
  stop() { return this.#halt("stop", STOP); }

  /** Let the belt stand for a while. */
  pause() { return this.#halt("pause", PAUSE); }

  /** Down to the treadmill's own steps, never up; null where it cannot go so slowly. */
  #settable(kmh) {
    if (!Number.isFinite(kmh) || this.highest_kmh === null) return null;
    const { least, step } = this.range, wish = Math.min(kmh, this.highest_kmh);
    if (wish < least || wish <= 0) return null;
    return step > 0 ? Math.round((least + Math.floor((wish - least) / step + 1e-9) * step) * 100) / 100 : wish;
  }

  async #halt(what, how) {
    this.#halted = true;
    this.#stood = false; // standing must be seen before starting counts
    for (const one of this.#queue.splice(0)) one.over("superseded");
    this.#answer?.over("superseded");
    const bytes = bytesOf(STOP_OR_PAUSE, how);
    const why = await this.#send(bytes);
    const again = why === "refused" || why === "no_answer";
    return this.#told(what, again ? await this.#send(bytes) : why);
  }

  #told(what, why, kmh = null) {
    if (why !== null && why !== "superseded") this.dispatchEvent(new CustomEvent("refused", { detail: { what, why } }));
    return { done: why === null, why, kmh: why === null ? kmh : null };
  }

  // -- one after the other -----------------------------------------------------------------------------------------------

  /** Why it was not done, null where it was. */
  #send(bytes, hindrance = () => null) {
    return new Promise((over) => {
      this.#queue.push({ bytes, hindrance, over });
      this.#work();
    });
  }

  async #work() {
    if (this.#busy) return;
    this.#busy = true;
    for (let one = this.#queue.shift(); one; one = this.#queue.shift()) one.over(one.hindrance() ?? (await this.#carry(one)));
    this.#busy = false;
  }

  async #carry({ bytes, hindrance }) {
    if (!this.#control || bytes[0] === REQUEST_CONTROL) {
      const why = await this.#ask(bytesOf(REQUEST_CONTROL));
      this.#control = why === null;
      // A stop is tried all the same.
      if (bytes[0] === REQUEST_CONTROL || (why !== null && bytes[0] !== STOP_OR_PAUSE)) return why;
    }
    return hindrance() ?? (await this.#ask(bytes));
  }

  /** Write, and wait for the answer. */
  async #ask(bytes) {
    const answer = this.#awaited(bytes[0]);
    const why = await this.#written(bytes);
    if (why !== null) this.#answer?.over(why);
    const result = await answer;
    if (result === NOT_PERMITTED) this.#control = false;
    if (typeof result === "string") return result;
    return result === DONE ? null : "refused";
  }

  /** Only one write can be under way: a stop waits for it, but not for its answer. */
  async #written(bytes) {
    let timer;
    const late = new Promise((over) => { timer = setTimeout(over, this.answer_ms, "no_answer"); });
    const written = this.point.writeValueWithResponse(bytes).then(() => null, () => "refused");
    const why = await Promise.race([written, late]);
    clearTimeout(timer);
    return why;
  }

  #awaited(command) {
    return new Promise((answer) => {
      const over = (result) => { clearTimeout(timer); this.#answer = null; answer(result); };
      const timer = setTimeout(() => over("no_answer"), this.answer_ms);
      this.#answer = { command, over };
    });
  }
}

/** A treadmill's limit [km/h] from a guide; null where none may be used. */
export function capOf({ treadmill_kmh, speed_mps }) {
  return Number.isFinite(treadmill_kmh) ? Math.min(treadmill_kmh, Number.isFinite(speed_mps) ? speed_mps * KMH : Infinity) : null;
}
