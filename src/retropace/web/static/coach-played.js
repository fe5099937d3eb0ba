// What was really played of a session: seconds backward and in all, pauses and stops left out.

export class Played {
  constructor({ reverse_s = 0, whole_s = 0 } = {}) {
    Object.assign(this, { reverse_s, whole_s, state: null, since_ms: 0 });
  }

  /** From now on the runner does `state`; null: nothing that counts. */
  now(state, now_ms = performance.now()) {
    const gone_s = this.state === null ? 0 : (now_ms - this.since_ms) / 1000;
    this.whole_s += gone_s;
    if (this.state === "reverse") this.reverse_s += gone_s;
    Object.assign(this, { state, since_ms: now_ms });
    return { reverse_s: this.reverse_s, whole_s: this.whole_s };
  }
}
