// The way of chunks to the disk: numbered in order, written together, tried again, held in memory while the disk fails.

/** An hour of a phone's samples. Beyond that new samples are dropped, and how many is told. */
const MEMORY_BYTES = 16 * 1024 * 1024;
/** Lines are few and say what was asked of the runner when: they are dropped last. */
const MEMORY_WITH_LINES_BYTES = MEMORY_BYTES * 1.25;
const MOST_CHUNKS_AT_ONCE = 400;
const SLOW_MS = 5000, ELSEWHERE_MS = 1000;
const FIRST_WAIT_MS = 1000, LONGEST_WAIT_MS = 15_000;

const waited = (ms) => new Promise((over) => setTimeout(over, ms));

/** Fires `trouble` {why, dropped}: why is one of TROUBLES, null once everything reaches the disk again. */
export class Writer extends EventTarget {
  constructor(keep, run_id, { memory_bytes = MEMORY_BYTES } = {}) {
    super();
    this.keep = keep;
    this.run = run_id;
    this.memory_bytes = memory_bytes;
    this.pending = new Set();
    this.pending_bytes = 0;
    this.next = null;
    this.writing = 0;
    this.failures = 0;
    this.again_ms = 0;
    this.why = null;
    this.closed = false;
    this.dropping = false;
    this.durable = 0;
    this.chunks = 0;
    this.dropped = { motion: 0, orientation: 0, lines: 0 };
    this.off = new AbortController();
    keep.disk.addEventListener("trouble", ({ detail }) => detail.why === "gone" && this.gone(), { signal: this.off.signal });
  }

  gone() {
    this.durable = 0;
    this.tell("gone");
  }

  // -- whose turn it is, and what number comes next ----------------------------------------------------------------------

  /** From now on this page alone writes the run. Resolves to when its last sample was [Unix ms], null for a new run. */
  async begin() {
    await this.alone();
    while (!this.closed) {
      try {
        const next = await this.keep.tail(this.run);
        const until_ms = await this.keep.until(this.run, next);
        this.next = next;
        return until_ms;
      } catch (error) {
        this.tell(error.why ?? "failed");
        await waited(FIRST_WAIT_MS);
      }
    }
    return null;
  }

  // Held as long as this page lives, even when it is killed the browser gives it back.
  alone() {
    if (!navigator.locks) return Promise.resolve();
    const late = setTimeout(() => this.tell("elsewhere"), ELSEWHERE_MS);
    return new Promise((ours) => {
      const held = new Promise((release) => { this.release = release; });
      const got = () => {
        clearTimeout(late);
        if (this.closed) return undefined;
        this.tell(null);
        ours();
        return held;
      };
      navigator.locks.request(`retropace-run-${this.run}`, got).catch(() => ours());
    });
  }

  // -- chunks ------------------------------------------------------------------------------------------------------------

  /** Take a chunk to be written; false where there was no room left for it. */
  take(chunk) {
    const room = chunk.stream === "lines" ? (this.memory_bytes / MEMORY_BYTES) * MEMORY_WITH_LINES_BYTES : this.memory_bytes;
    if (this.pending_bytes + chunk.bytes.byteLength > room) {
      this.dropped[chunk.stream] += chunk.n;
      this.dropping = true;
      this.tell("dropped");
      return false;
    }
    this.pending.add({ run: this.run, ...chunk });
    this.pending_bytes += chunk.bytes.byteLength;
    return true;
  }

  // Numbers are given in order and only once, when the disk has told what it has.
  numbered(chunks) {
    for (const chunk of chunks) chunk.seq ??= this.next[chunk.stream]++;
    return chunks;
  }

  /** Write what was taken. `now`: without waiting for what is being written, as the page may go any moment. */
  async write(now = false) {
    if (!this.next || !this.pending.size) return;
    if (!now && (this.writing || performance.now() < this.again_ms)) return;
    // Everything not yet confirmed, in order: so nothing later can be on the disk without all that came before it.
    const batch = this.numbered([...this.pending].slice(0, now ? Infinity : MOST_CHUNKS_AT_ONCE));
    this.writing += 1;
    const late = setTimeout(() => this.tell("slow"), SLOW_MS);
    try {
      await this.keep.writeChunks(batch);
      this.kept(batch);
    } catch (error) {
      this.refused(error);
    } finally {
      clearTimeout(late);
      this.writing -= 1;
    }
    this.write(); // what came meanwhile has waited long enough
  }

  kept(batch) {
    for (const chunk of batch) {
      if (!this.pending.delete(chunk)) continue;
      this.pending_bytes -= chunk.bytes.byteLength;
      this.durable += chunk.n;
      this.chunks += 1;
    }
    this.failures = 0;
    this.again_ms = 0;
    this.dropping = false;
    this.tell(null);
  }

  refused(error) {
    const wait_ms = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** this.failures);
    this.failures += 1;
    this.again_ms = performance.now() + wait_ms;
    this.tell(error.why ?? "failed");
  }

  tell(reason) {
    const why = reason && this.dropping ? "dropped" : reason;
    if (why === this.why) return;
    this.why = why;
    this.dispatchEvent(new CustomEvent("trouble", { detail: { why, dropped: { ...this.dropped } } }));
  }

  /** The last of it: onto the disk, or held by the keep where the disk still refuses. False where neither was possible. */
  async finish({ attempts = 3 } = {}) {
    for (let attempt = 0; this.next && this.pending.size && attempt < attempts; attempt += 1) {
      if (attempt) await waited(200);
      await this.write(true);
    }
    this.closed = true;
    this.off.abort();
    if (!this.next) return false;
    this.keep.hold(this.numbered([...this.pending]));
    return true;
  }

  /** Another page may record this run. */
  letGo() {
    this.release?.();
  }
}
