// Keeps the cues of the next seconds in the audio graph, each where it will be heard at its time of the page's clock.
// The two clocks are compared again at every turn: audio is put to sleep, given to another device, and drifts.

import { Sound, soundCue } from "./coach-tones.js";

/** How far ahead cues are placed [s]: a hidden page gets one turn a second, a busy one may wait for longer. */
export const HORIZON_S = 12;
/** A difference between the clocks counts once it is as large [s], so many turns in a row. */
const MOVED_S = 0.02;
const TURNS = 3;
/** Turns closer together than this [s] tell nothing new about the clocks. */
const APART_S = 0.1;
/** The audio clock is read as it last was, never ahead: the latest of so many readings is nearest. */
const READINGS = 10;
/** Audio that lags by more than this [s], twice in a row, has lost it. */
const LOST_S = 0.15;
/** Beyond this [s] what an engine tells of its output is not believed. */
const BELIEVED_S = 0.4;
/** Nor what it tells of a time still to come [ms]. */
const AHEAD_MS = 20;
/** Audio whose clock stood still for so long [s] is dead, whatever its state says. */
const DEAD_S = 0.5;
/** Dead audio is woken this often [s]. */
const WAKE_S = 1;
/** What sounds within this [s] stays where it is. */
const NEAR_MS = 100;
/** Aims closer than this [s] are the same. */
const SAME_S = 1e-4;

/** The page's clock; tests bring their own. `wall` goes on while a phone sleeps, `now` may not. */
export const CLOCK = {
  origin: performance.timeOrigin,
  now: () => performance.now(),
  wall: () => Date.now(),
  after: (ms, then) => setTimeout(then, ms),
  forget: (timer) => clearTimeout(timer),
};

export class Sounding {
  /** @param {BaseAudioContext|null} context @param {AudioNode|null} output @param {{now: () => number}} clock [ms] */
  constructor(context, output, clock) {
    Object.assign(this, { context, output, clock });
    this.how = { tones: {}, voice: null, clips: {} };
    this.placed = new Map();
    this.others = [];
    this.ok = false;
    this.heard_s = -1;
    this.woken_s = -Infinity;
    this.forget();
  }

  get now_s() { return this.clock.now() / 1000; }

  /** What cues are made of from now on; those that wait are made anew. */
  take(how) {
    Object.assign(this.how, how);
    for (const [cue, { sound }] of this.placed) if (!sound.begun) this.remove(cue);
  }

  /** Look whether sound comes out, and wake it where it does not; true while it does. */
  check() {
    if (!this.context) return false;
    const was = this.ok;
    if (this.context.currentTime > this.heard_s) this.advanced_s = this.now_s;
    this.heard_s = this.context.currentTime;
    this.ok = this.context.state === "running" && this.now_s - this.advanced_s < DEAD_S;
    if (was && !this.ok) this.hush();
    if (!was && this.ok) this.forget();
    if (this.ok) this.compare(); else this.wake();
    return this.ok;
  }

  wake() {
    if (this.now_s - this.woken_s < WAKE_S || this.context.state === "closed") return;
    this.woken_s = this.now_s;
    const frozen = this.context.state === "running"; // says that it runs, and does not
    Promise.resolve(frozen ? this.context.suspend() : null).then(() => this.context.resume()).catch(() => {});
  }

  // -- the two clocks --------------------------------------------------------------------------------------------------

  forget() {
    Object.assign(this, { offset_s: null, moved: 0, readings: [], pair_ms: null, compared_s: -Infinity });
  }

  /** What is heard at `now_s` has the audio time `now_s + offset_s`. */
  compare() {
    if (this.now_s - this.compared_s < APART_S) return;
    this.compared_s = this.now_s;
    this.readings = [...this.readings, this.context.currentTime - this.now_s].slice(-READINGS);
    this.forgive();
    const latest_s = Math.max(...this.readings);
    const offset_s = this.told(latest_s) ?? latest_s;
    if (this.readings.length <= TURNS) this.offset_s = offset_s; // the first readings may all lag
    this.moved = Math.abs(offset_s - this.offset_s) > MOVED_S ? this.moved + 1 : 0;
    if (this.moved >= TURNS) Object.assign(this, { offset_s, moved: 0 });
  }

  /** Audio that stood still lost time for good; a single reading that lags may only be old. */
  forgive() {
    const [before, now] = this.readings.slice(-2);
    if (Math.max(before, now) < Math.max(...this.readings) - LOST_S) Object.assign(this, { readings: [before, now] });
  }

  /** What the engine says of the sample that leaves the loudspeaker, its latency counted; null where that is no use. */
  told(latest_s) {
    const pair = this.context.getOutputTimestamp?.();
    const frozen = !pair || pair.performanceTime === this.pair_ms;
    this.pair_ms = pair?.performanceTime;
    if (frozen || !(pair.contextTime > 0) || pair.performanceTime > this.clock.now() + AHEAD_MS) return null;
    const offset_s = pair.contextTime - pair.performanceTime / 1000;
    return Math.abs(offset_s - latest_s) < BELIEVED_S ? offset_s : null;
  }

  // -- cues ------------------------------------------------------------------------------------------------------------

  /** Have exactly these cues wait in the graph: Map of cue to when it is to be heard [ms of the clock]. */
  want(wanted) {
    for (const [cue, { sound }] of this.placed) if (!wanted.has(cue) && !sound.begun) this.remove(cue);
    if (!this.ok) return;
    for (const [cue, onset_ms] of wanted) this.bring(cue, onset_ms);
  }

  bring(cue, onset_ms) {
    const aim = onset_ms / 1000 + this.offset_s;
    const there = this.placed.get(cue);
    const lost = this.lost(there);
    if (there && !lost && this.stays(there, aim, onset_ms)) return;
    if (there) this.remove(cue);
    const at = lost ? this.context.currentTime : Math.max(aim, this.context.currentTime);
    this.placed.set(cue, { aim, onset_ms, sound: soundCue(this.context, this.output, cue, at, this.how) });
  }

  stays(there, aim, onset_ms) {
    const near = onset_ms - this.clock.now() < NEAR_MS && there.onset_ms === onset_ms;
    return !there.hushed && (near || there.sound.begun || Math.abs(there.aim - aim) < SAME_S);
  }

  /** Whether a cue ought to sound and the audio has not come that far, because it stood still. */
  lost(there) {
    return there && there.onset_ms < this.clock.now() && there.sound.at > this.context.currentTime + NEAR_MS / 1000;
  }

  /** Whether a cue sounds at its time, or has. */
  has(cue) { return this.ok && this.placed.has(cue); }

  remove(cue) {
    this.placed.get(cue).sound.drop();
    this.placed.delete(cue);
  }

  // -- at once ---------------------------------------------------------------------------------------------------------

  /** Play a tone by its name; false where there is none, or nothing to play it with. */
  tone(name) {
    const notes = this.how.tones[name];
    if (!this.context || !notes) return false;
    this.others.push(new Sound(this.context, this.output, this.context.currentTime).notes(notes));
    return true;
  }

  /** Say clips by their names; false where not all of them are there. */
  say(names) {
    const said = names.map((name) => this.how.clips[name]);
    if (!this.context || !this.how.voice || !said.every(Boolean)) return false;
    this.others.push(new Sound(this.context, this.output, this.context.currentTime).words(this.how.voice, said));
    return true;
  }

  /** Take back every cue; with `all`, what was played at once, too. */
  hush(all = false) {
    for (const [cue, one] of this.placed) {
      one.hushed = true; // what has begun was heard all the same
      if (one.sound.begun) one.sound.hush(); else this.remove(cue);
    }
    if (all) for (const sound of this.others.splice(0)) sound.hush();
  }

  /** Let go of what has sounded. */
  tidy() {
    for (const [cue, { sound }] of this.placed) if (sound.over) this.remove(cue);
    for (const sound of this.others) if (sound.over) sound.drop();
    this.others = this.others.filter((sound) => !sound.over);
  }
}
