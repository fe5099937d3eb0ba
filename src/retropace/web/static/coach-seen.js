// What the phone's motion shows the runner to do: a quiet line under the word, with a sign and a pattern of its own; and on the
// ribbon, where for a while it was another way than what was asked.
import { camel, set } from "./coach-shown.js";

/** Sign of each way (as coach_live.html has them) and the side of the line it belongs to. */
const SIGNS = { backward: "back", forward: "forth", standing: "still", sideways: "side", unknown: "unsure" };

/** Draws `seen` on the live screen: {state: backward|forward|standing|sideways|unknown, why, against, since_s}, or null. */
export class Seen {
  constructor({ part, words, ends_s }) {
    Object.assign(this, { part, words, ends_s, shown: "", other: null });
  }

  show(seen, position_s) {
    const { part: { seen: line, ribbon } } = this;
    if (line.hidden !== !seen) line.hidden = !seen;
    if (seen) this.tell(line, seen);
    this.mark(ribbon, seen?.against ? seen : null, position_s);
  }

  tell(line, { state, why, against }) {
    const key = [state, why, against].join();
    if (key === this.shown) return;
    this.shown = key;
    const { seens, unseens } = this.words;
    Object.assign(line.dataset, { way: SIGNS[state], against: against ? "yes" : "no" });
    line.querySelector("use").setAttribute("href", `#live-${SIGNS[state]}`);
    set(line.querySelector("b"), seens[state]);
    set(line.querySelector("small"), state === "unknown" ? (unseens[camel(why)] ?? "") : "");
  }

  /** A block on the side that was seen, as long as that lasts; it stays when it is over. */
  mark(ribbon, seen, position_s) {
    if (!seen) { this.other = null; return; }
    const key = `${seen.state} ${seen.since_s}`;
    if (this.other?.key !== key) {
      const block = document.createElement("i");
      block.className = `otherwise ${SIGNS[seen.state]}`;
      block.style.left = this.share(seen.since_s);
      ribbon.querySelector(".here").before(block);
      this.other = { key, block };
    }
    this.other.block.style.width = this.share(position_s - seen.since_s);
  }

  share(seconds) { return `${((100 * Math.max(0, seconds)) / (this.ends_s || 1)).toFixed(2)}%`; }
}
