// What the phone's motion shows, beside what is asked: for the screen, and as marks in what is recorded. It changes nothing of the
// session, and whatever goes wrong in it stays in it.

/** Without a sample for so long there is no sensor, or none that tells [ms]. */
const SILENT_MS = 5000;
/** Another way than asked counts once it was seen for so many seconds together, the first ones after the asking left out. */
const AGAINST_S = 5, SETTLING_S = 4;
const WAYS = { reverse: "backward", walk: "forward", run: "forward" };

export class Sight {
  /** @param run the session under way: {kit, marks, player, off}; @param {object|undefined} numbers motion_numbers.py's */
  constructor(run, numbers) {
    Object.assign(this, { run, began_ms: run.now_ms, felt_ms: -Infinity, seen: { state: "unknown", why: "early" }, against: 0 });
    if (!numbers) return;
    this.way = null;
    this.ready = this.begin(numbers);
    run.kit.senses.addEventListener("motion", ({ detail }) => this.feel(detail), { signal: run.off.signal });
  }

  /** Where its module cannot be had, nothing is seen. */
  async begin(numbers) {
    const found = await import("./coach-motion.js").catch(() => null);
    if (!found) return;
    this.motion = new found.Motion(numbers);
    this.motion.addEventListener("seen", ({ detail }) => this.told(detail), { signal: this.run.off.signal });
    this.motion.ask(this.way, this.run.now_ms);
  }

  feel(sample) {
    this.felt_ms = sample.at_ms;
    try {
      this.motion?.feel(sample);
    } catch {
      this.motion = null;
    }
  }

  /** What is asked now; null while nothing is. */
  ask(state) {
    this.way = WAYS[state] ?? null;
    this.motion?.ask(this.way, this.run.now_ms);
  }

  told({ state, why, probability, placement, at_ms, asked, asked_s }) {
    const other = ["forward", "backward"].includes(state) && asked && asked !== state && asked_s >= SETTLING_S;
    this.against = other ? this.against + 1 : 0;
    const position_s = this.run.player.position_s - (this.run.now_ms - at_ms) / 1000;
    if (this.against === 1) this.since_s = position_s;
    if (state !== this.seen.state || why !== this.seen.why) {
      this.run.marks.mark("seen", { state, why, probability: Math.round(1000 * probability) / 1000, placement, position_s }, at_ms);
    }
    this.seen = { state, why, against: this.against >= AGAINST_S, since_s: this.since_s };
  }

  /** As the screen shows it; null where the session came without numbers. */
  get shown() {
    if (!this.motion) return null;
    const now_ms = this.run.now_ms, silent = now_ms - Math.max(this.felt_ms, this.began_ms) > SILENT_MS;
    if (silent) return { state: "unknown", why: "motion", against: false };
    if (this.felt_ms > 0 && !this.motion.turns && now_ms - this.began_ms > SILENT_MS) return { state: "unknown", why: "gyroscope", against: false };
    return this.seen;
  }
}
