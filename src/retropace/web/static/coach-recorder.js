// Recorder: everything that was felt and asked goes into small chunks that survive reload, crash and an empty battery.
// It never throws into the coach and never keeps it waiting: what the disk refuses goes on in memory, and `trouble` says so.

import { Lines, nowMs, Records } from "./coach-records.js";
import { Writer } from "./coach-writer.js";

const FLUSH_MS = 250;
/** A phone that felt nothing for so long has a gap in what it felt [ms]. */
const SILENT_MS = 1000;
/** Nothing is numbered before the disk has told what a run has; samples wait for that at most so long [ms]. */
const PATIENCE_MS = 30_000;
/** Whoever stops or flushes before waits for that answer, too, but not longer than this [ms]. */
const FOUND_WITHIN_MS = 3000;
const LINES = ["position", "heart", "pod", "belt"];

/** Fires `trouble` {why, dropped: {motion, orientation, lines}}; why null once it is over. */
export class Recorder extends EventTarget {
  #streams = { motion: new Records("motion"), orientation: new Records("orientation"), lines: new Lines() };
  #counts = { motion: 0, orientation: 0, position: 0, lines: 0 };
  #told_dropped = { motion: 0, orientation: 0, lines: 0 };
  #waiting = []; // what is told before the disk has said where to go on
  #shift_ms = 0;
  #felt_ms = null;
  #was_hidden = false;
  #hidden_ms = null;
  #cut_ms = 0;
  #off = null;

  /**
   * @param {Keep} keep  @param {{id: string, state: string}} run  @param {EventTarget} senses
   */
  constructor(keep, run, senses, { flush_ms = FLUSH_MS, memory_bytes } = {}) {
    super();
    this.keep = keep;
    this.run = run;
    this.senses = senses;
    this.flush_ms = flush_ms;
    this.writer = new Writer(keep, run.id, { memory_bytes });
    this.writer.addEventListener("trouble", ({ detail }) => this.#trouble(detail));
  }

  /** Samples in all (`recorded`) and by kind, those on the disk (`durable`), and those for which there was no room (`dropped`). */
  get counts() {
    const { durable, chunks, dropped } = this.writer;
    const { motion, orientation, position, lines } = this.#counts;
    const lost = dropped.motion + dropped.orientation + dropped.lines;
    return { motion, orientation, position, lines, recorded: motion + orientation + lines, durable, chunks, dropped: lost };
  }

  /** Begin; for a run that already has samples it goes on after them, with a mark of the gap between. */
  start() {
    if (this.#off) return;
    if (this.run.state !== "open") {
      this.#trouble({ why: "ended", dropped: { ...this.writer.dropped } });
      return;
    }
    this.#off = new AbortController();
    this.keep.disk.busy(true);
    this.#listen(this.#off.signal);
    this.timer = setInterval(() => this.#tick(), this.flush_ms);
    this.patience = setTimeout(() => this.#goOn(), PATIENCE_MS);
    this.found = this.writer.begin().then((until_ms) => this.#goOn(until_ms));
  }

  #listen(signal) {
    const on = (target, name, heard) => target.addEventListener(name, heard, { signal });
    on(this.senses, "motion", ({ detail }) => this.#moved(detail));
    on(this.senses, "orientation", ({ detail }) => this.#add("orientation", detail));
    for (const k of LINES) on(this.senses, k, ({ detail }) => this.#add("lines", { k, ...detail }));
    on(this.senses, "position-lost", ({ detail }) => this.mark("gap", { stream: "position", why: "lost" }, detail.at_ms));
    on(this.senses, "hidden", ({ detail }) => this.#hidden(detail));
    on(document, "visibilitychange", () => document.hidden && this.flush());
    on(document, "freeze", () => this.flush());
    on(globalThis, "pagehide", () => this.flush());
  }

  // -- what is told ------------------------------------------------------------------------------------------------------

  #add(stream, sample) {
    if (this.#waiting) this.#waiting.push([stream, sample]);
    else this.#write(stream, sample);
  }

  #write(stream, sample) {
    const into = this.#streams[stream];
    into.add((sample.at_ms ?? nowMs()) + this.#shift_ms, sample);
    this.#counts[stream] += 1;
    if (sample.k === "position") this.#counts.position += 1;
    if (into.full || performance.now() - this.#cut_ms >= this.flush_ms) this.#tick();
  }

  #moved(detail) {
    this.#silence(detail.at_ms);
    this.#felt_ms = detail.at_ms;
    this.#was_hidden = this.#hidden_ms !== null;
    this.#add("motion", detail);
  }

  // The gap between the last motion felt and `to_ms`, where there is one. Nothing is ever filled in.
  #silence(to_ms) {
    const from_ms = this.#felt_ms;
    if (from_ms === null || to_ms - from_ms <= SILENT_MS) return;
    const why = this.#was_hidden ? "hidden" : "silent";
    this.mark("gap", { stream: "motion", why, from_ms: from_ms + this.#shift_ms, to_ms: to_ms + this.#shift_ms }, to_ms);
  }

  #hidden({ hidden, at_ms }) {
    if (hidden === (this.#hidden_ms !== null)) return;
    const since_ms = this.#hidden_ms;
    this.#hidden_ms = hidden ? at_ms : null;
    this.#was_hidden = true;
    if (hidden) this.mark("hidden", { wall_ms: Date.now() }, at_ms);
    else this.mark("visible", { hidden_ms: at_ms - since_ms, wall_ms: Date.now() }, at_ms);
    if (hidden) this.flush();
  }

  /** Something that happened to the session: a line {"k": "mark", "mark": name, "at_ms", ...detail}. */
  mark(name, detail = {}, at_ms = detail.at_ms) {
    const own = { k: "mark", mark: name, at_ms: at_ms ?? nowMs() };
    try {
      // Here and now, so that what has no JSON is never found in the middle of a chunk, and what changes later stays as it is.
      this.#add("lines", { ...own, ...JSON.parse(JSON.stringify(detail)), ...own });
    } catch {
      this.#add("lines", { ...own, unreadable: true });
    }
  }

  // -- going on after what is there --------------------------------------------------------------------------------------

  // Where the phone's clock was set back meanwhile, time goes on after the last sample: the mark says by how much.
  #goOn(until_ms = null) {
    clearTimeout(this.patience);
    if (until_ms !== null) this.#continue(until_ms);
    const waiting = this.#waiting ?? [];
    this.#waiting = null;
    for (const [stream, sample] of waiting) this.#write(stream, sample);
    this.#tick();
  }

  #continue(until_ms) {
    const first_ms = this.#waiting?.[0]?.[1].at_ms ?? nowMs();
    const now_ms = Math.min(first_ms, nowMs());
    this.#shift_ms = Math.max(0, until_ms + 1 - now_ms);
    const to_ms = now_ms + this.#shift_ms;
    const detail = { stream: "all", why: "reload", from_ms: until_ms, to_ms, shift_ms: this.#shift_ms, wall_ms: Date.now() };
    this.#write("lines", { k: "mark", mark: "gap", at_ms: now_ms, ...detail });
  }

  // -- chunks ------------------------------------------------------------------------------------------------------------

  #tick() {
    this.#cut();
    this.writer.write();
  }

  #cut() {
    this.#cut_ms = performance.now();
    for (const stream of Object.values(this.#streams)) {
      const chunk = stream.cut();
      if (chunk && this.writer.take(chunk)) this.#droppedBefore(chunk.stream);
    }
  }

  // The first chunk after some for which there was no room: a mark says how many samples are missing before it.
  #droppedBefore(stream) {
    const n = this.writer.dropped[stream] - this.#told_dropped[stream];
    if (!n) return;
    this.#told_dropped[stream] += n;
    this.mark("gap", { stream, why: "dropped", n });
  }

  #foundSoon() {
    return Promise.race([this.found, new Promise((over) => setTimeout(over, FOUND_WITHIN_MS))]);
  }

  /** Everything told so far, on its way to the disk at once; resolves when it is there, or was refused. */
  async flush() {
    if (this.#waiting) await this.#foundSoon();
    this.#cut();
    await this.writer.write(true);
  }

  /** The run has ended: the last samples are written, nothing more is recorded in it. Never throws. */
  async stop() {
    if (!this.#off) return;
    this.#silence(nowMs());
    this.#off.abort();
    this.#off = null;
    clearInterval(this.timer);
    if (this.#waiting) await this.#foundSoon();
    if (this.#waiting) this.#goOn();
    this.#cut();
    if (await this.writer.finish()) this.run = (await this.keep.endRun(this.run.id)) ?? this.run;
    this.keep.disk.busy(false);
    this.writer.letGo();
  }

  // What was on the disk of this run is there no more: what comes now is kept again, with a mark.
  #gone() {
    this.keep.restoreRun(this.run);
    this.mark("gap", { stream: "all", why: "gone" });
  }

  #trouble(detail) {
    if (detail.why === "gone") this.#gone();
    this.dispatchEvent(new CustomEvent("trouble", { detail }));
  }
}
