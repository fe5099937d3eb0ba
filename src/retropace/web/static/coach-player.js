// Plays a guide: every cue heard at its time, every piece told as it begins; paused, skipped, made longer, stopped.
//
// The clock is the page's (performance.now), never the audio's, which phones put to sleep. Nobody starts backward unprepared:
// - a pause or a stop on the way backward gives the rest of that piece up; what follows is the next piece not backward;
// - whoever comes to a backward piece out of a pause, a stop, a skip or with more time is counted in for three seconds;
// - backward is never made longer.
// Only that count-in takes session time back, never by more than its three seconds and never out of a piece.

import { CLOCK, HORIZON_S, Sounding } from "./coach-sounding.js";
import { countsMissing, pieceAt, safe, skipTo } from "./coach-way.js";

export { schedule } from "./coach-tones.js";

/** Between a beginning and its first cue [ms]: time to place it, so that it is not late. */
const LEAD_MS = 300;
/** How often everything is looked at, and how far apart ticks are at least [ms]. */
const TURN_MS = 200;
const TICK_MS = 180;
/** Times closer than this are the same [s]. */
const SAME_S = 1e-6;
const LONGER = new Set(["walk", "stand", "stop"]);
/** The tone that tells what goes on, where no cue does. */
const TONES = { walk: "walk", run: "walk", stand: "stop", stop: "stop" };

/**
 * Events, with detail: state {state, why, position_s, at_ms}; piece {index, position_s, at_ms}; cue {cue, at_ms, heard} at its
 * onset; late {cue, by_s} for one that was left out; audio {ok}; stall {seconds}; tick {}. `at_ms` is Unix time.
 */
export class Player extends EventTarget {
  /** @param {BaseAudioContext|null} context null: without any sound @param {AudioNode|null} output */
  constructor(context, output, { voice = null, clips = {}, clock = CLOCK } = {}) {
    super();
    this.clock = clock;
    this.sounding = new Sounding(context, output, clock);
    this.give(voice, clips);
    this.status = "idle";
    this.at_s = 0; // session time at since_ms; that lies ahead while session time is held
    this.since_ms = 0;
    this.extra_ms = 0; // as much of the hold as was asked for
    this.index = -1;
    this.next = 0;
    this.told = new Set();
    this.audio = null;
    this.ticked_ms = -Infinity;
    context?.addEventListener?.("statechange", () => this.timer !== undefined && this.turn());
  }

  load(guide) {
    this.guide = guide;
    this.cues = [...guide.cues];
    this.at_s = guide.starts_s;
    this.sounding.take({ tones: guide.tones });
  }

  /** The voice and where its clips are; both may arrive when the session has begun. */
  give(voice, clips) { this.sounding.take({ voice, clips }); }

  // -- where it is -----------------------------------------------------------------------------------------------------

  /** idle, running, paused, stopped or done. */
  get state() { return this.status; }

  get position_s() {
    if (this.status !== "running") return this.at_s;
    return Math.min(this.guide.ends_s, this.at_s + Math.max(0, this.clock.now() - this.since_ms) / 1000);
  }

  /** Index of the piece; -1 while a session that begins backward is being counted in. */
  get piece() { return this.index; }

  /** How long the piece still lasts [s], what it was made longer by included; before the first one, how long until then. */
  get left_s() {
    if (!this.guide || this.status === "done") return 0;
    const end_s = this.guide.pieces[this.index]?.end_s ?? 0;
    return Math.max(0, end_s - this.position_s + this.held_ms / 1000);
  }

  /** How much of the time that was asked for is left [ms]. */
  get held_ms() {
    if (this.status !== "running") return this.extra_ms;
    return Math.max(0, Math.min(this.extra_ms, this.since_ms - this.clock.now()));
  }

  /** Whether sound comes out, as far as a page can know. */
  get audible() { return this.sounding.ok; }

  /** When a session time is, on the clock [ms]. */
  onset(at_s) { return this.since_ms + (at_s - this.at_s) * 1000; }

  // -- what it can be told: each returns whether it did ----------------------------------------------------------------

  start(at_s = this.guide.starts_s) {
    if (this.status !== "idle") return false;
    this.go(safe(this.guide, at_s));
    return true;
  }

  pause() {
    this.settle();
    if (this.status !== "running") return false;
    this.hold();
    this.sounding.hush();
    this.become("paused");
    return true;
  }

  /** Go on after a pause; after a stop, too, once somebody held a button for it. */
  resume() {
    if (this.status !== "paused" && this.status !== "stopped") return false;
    this.sounding.hush(true);
    this.go(safe(this.guide, this.at_s, this.index), this.extra_ms);
    const soon_s = this.at_s + 1;
    if (this.status === "running" && !(this.cues[this.next]?.at_s < soon_s)) this.sound(TONES[this.guide.pieces[this.index]?.state]);
    return true;
  }

  /** Loud at once and latched: only `resume` goes on. */
  stop(why = null) {
    if (this.status !== "running" && this.status !== "paused") return false;
    this.sounding.hush(true);
    this.sounding.tone("alarm");
    this.settle();
    if (this.status !== "running" && this.status !== "paused") return true;
    this.hold();
    this.sounding.hush();
    this.become("stopped", why);
    return true;
  }

  /** On to the next piece; to a backward one by its count-in. */
  skip() {
    this.settle();
    if (this.status !== "running") return false;
    const to_s = skipTo(this.guide, this.index);
    if (to_s <= this.position_s) return false;
    this.sounding.hush();
    this.go(to_s);
    return true;
  }

  /** Hold session time for so many seconds, where one walks or stands. */
  extend(seconds) {
    this.settle();
    if (this.status !== "running" || !LONGER.has(this.guide.pieces[this.index]?.state) || !(seconds > 0)) return false;
    this.hold();
    this.go(safe(this.guide, this.at_s, this.index), this.extra_ms + seconds * 1000);
    return true;
  }

  end() {
    if (this.status === "idle" || this.status === "done") return false;
    this.settle();
    this.hold();
    this.sounding.hush(true);
    if (this.status !== "done") this.finish();
    return true;
  }

  /** Play a tone by its name, now. */
  sound(name) { return this.sounding.tone(name); }

  /** Say clips by their names, now. */
  say(clips) { return this.sounding.say(clips); }

  // -- from one time to another ----------------------------------------------------------------------------------------

  /** Let session time stand where it is. */
  hold() {
    const { position_s, held_ms } = this;
    Object.assign(this, { at_s: position_s, extra_ms: held_ms, since_ms: this.clock.now() });
  }

  /** Run from `to_s` on, after `extra_ms` if that is in the same piece. */
  go(to_s, extra_ms = 0) {
    const was = this.index;
    const over = to_s >= this.guide.ends_s;
    if (!over) this.index = pieceAt(this.guide, to_s);
    this.again(to_s);
    this.extra_ms = this.index === was ? extra_ms : 0;
    this.since_ms = this.clock.now() + (over ? 0 : Math.max(this.extra_ms, LEAD_MS));
    this.since = { now: this.clock.now(), wall: this.clock.wall() };
    const { index } = this;
    if (this.status !== "running") this.become("running");
    if (index !== was && index === this.index) this.announce(to_s, this.clock.now());
    this.turn();
  }

  /** Cues from `to_s` on come next, those that were told again only where time goes back. */
  again(to_s) {
    if (to_s < this.at_s) {
      this.sounding.hush();
      for (const cue of this.told) if (cue.at_s >= to_s - SAME_S) this.told.delete(cue);
    }
    this.at_s = to_s;
    this.cues.push(...countsMissing(this.guide, this.cues, this.index + 1, to_s));
    this.cues.sort((one, other) => one.at_s - other.at_s);
    const next = this.cues.findIndex((cue) => cue.at_s >= to_s - SAME_S && !this.told.has(cue));
    this.next = next < 0 ? this.cues.length : next;
  }

  // -- turn after turn -------------------------------------------------------------------------------------------------

  turn() {
    this.noticeStall();
    this.listen();
    if (this.status === "running") this.sounding.want(this.wanted());
    this.settle();
    this.sounding.tidy();
    const now = this.clock.now();
    if (now - this.ticked_ms >= TICK_MS) {
      this.ticked_ms = now;
      this.emit("tick", {});
    }
    this.arm();
  }

  arm() {
    this.clock.forget(this.timer);
    this.timer = undefined;
    if (this.status === "done" || this.status === "idle") return;
    const wait_ms = this.status === "running" ? this.due().ms - this.clock.now() : TURN_MS;
    this.timer = this.clock.after(Math.ceil(Math.max(0, Math.min(TURN_MS, wait_ms))), () => this.turn());
  }

  /** A sleeping phone or a frozen page: no turn for longer than one of our own making could take. */
  noticeStall() {
    const then = this.since;
    this.since = { now: this.clock.now(), wall: this.clock.wall() };
    const seconds = Math.max(this.since.now - then.now, this.since.wall - then.wall) / 1000;
    if (this.status === "running" && seconds > this.guide.rules.clock_stall) this.emit("stall", { seconds });
  }

  listen() {
    const ok = this.sounding.check();
    if (ok === this.audio) return;
    this.audio = ok;
    this.emit("audio", { ok });
  }

  /** The cues that are to be in the audio graph now, and when each is heard [ms]. */
  wanted() {
    const now = this.clock.now();
    const found = new Map();
    for (const cue of this.cues.slice(this.next)) {
      const onset_ms = this.onset(cue.at_s);
      if (onset_ms > now + HORIZON_S * 1000) break;
      if (onset_ms >= now - this.stale_ms) found.set(cue, onset_ms);
    }
    return found;
  }

  get stale_ms() { return this.guide.rules.stale_cue * 1000; }

  /** What comes next: a piece, a cue, or the end, and when [ms]. */
  due() {
    const piece = this.at_s < this.guide.ends_s ? this.guide.pieces[this.index + 1] : undefined;
    const cue = this.cues[this.next];
    const piece_ms = piece ? this.onset(piece.start_s) : Infinity;
    const cue_ms = cue ? this.onset(cue.at_s) : Infinity;
    if (piece && piece_ms <= cue_ms) return { ms: piece_ms, piece };
    return cue ? { ms: cue_ms, cue } : { ms: this.onset(this.guide.ends_s) };
  }

  /** Tell everything that is due, in order. */
  settle() {
    while (this.status === "running") {
      const { ms, piece, cue } = this.due();
      if (ms > this.clock.now()) return;
      if (piece) {
        this.index += 1;
        this.announce(piece.start_s, ms);
      } else if (cue) this.tell(cue, ms);
      else this.finish();
    }
  }

  announce(position_s, ms) { this.emit("piece", { index: this.index, position_s, at_ms: this.clock.origin + ms }); }

  tell(cue, ms) {
    this.next += 1;
    this.told.add(cue);
    const late_ms = this.clock.now() - ms;
    const heard = this.sounding.has(cue);
    if (!heard && late_ms > this.stale_ms) this.emit("late", { cue, by_s: late_ms / 1000 });
    else this.emit("cue", { cue, at_ms: this.clock.origin + ms, heard });
  }

  finish() {
    this.at_s = this.position_s;
    this.become("done");
    this.arm();
  }

  become(state, why = null) {
    this.status = state;
    this.emit("state", { state, why, position_s: this.position_s, at_ms: this.clock.origin + this.clock.now() });
  }

  emit(name, detail) { this.dispatchEvent(new CustomEvent(name, { detail })); }
}
