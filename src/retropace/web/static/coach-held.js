// What the disk did not take: held in memory as long as the page is open, so that it can be used and sent all the same.

const nameOf = (run, stream, seq) => `${run} ${stream} ${seq}`;

export class Held {
  constructor() {
    this.guides = new Map();
    this.runs = new Map();
    this.chunks = new Map();
  }

  put(chunks) {
    for (const chunk of chunks) this.chunks.set(nameOf(chunk.run, chunk.stream, chunk.seq), chunk);
  }

  of(run, stream) {
    return [...this.chunks.values()].filter((one) => one.run === run && one.stream === stream);
  }

  /** Chunks `kept` elsewhere and those held here, in order; each once. */
  with(kept, run, stream, from, to) {
    if (!this.chunks.size) return kept;
    const held = this.of(run, stream).filter((one) => one.seq >= from && one.seq < to);
    const each = new Map([...kept, ...held].map((one) => [one.seq, one]));
    return [...each.values()].sort((a, b) => a.seq - b.seq);
  }

  /** One more than the last seq of a stream, 0 where there is none. */
  end(run, stream) {
    return this.of(run, stream).reduce((end, one) => Math.max(end, one.seq + 1), 0);
  }

  drop(run) {
    for (const [name, one] of this.chunks) if (one.run === run) this.chunks.delete(name);
  }
}
