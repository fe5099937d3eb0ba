// Looks between those of the guide, for somebody whom nobody watches over any more: twice as often, sides in turn.

/** A look that would come this close to another cue is left out [s]. */
const CLEAR_S = 1;

export class Glances {
  constructor({ cues }) {
    this.cues = cues;
    this.said = Object.fromEntries(cues.filter((cue) => cue.kind === "look" && cue.side).map((cue) => [cue.side, cue.say]));
    this.at_s = -Infinity;
    this.side = "left";
  }

  /** The look that is due now, as a cue; null where there is none. `factor`: how many times as often to look. */
  due({ guide, piece, position_s, state }, factor) {
    const before_s = this.at_s;
    this.at_s = position_s;
    const now = guide.pieces[piece];
    if (factor <= 1 || state !== "running" || now?.state !== "reverse") return null;
    const at_s = this.between(now).find((one) => one > before_s && one <= position_s);
    return at_s === undefined ? null : this.look(at_s, now);
  }

  /** The middle of each stretch of a piece without a look, where nothing else is said. */
  between({ start_s, end_s }) {
    const inside = this.cues.filter((cue) => cue.at_s >= start_s && cue.at_s < end_s);
    const ends = [start_s, ...inside.filter((cue) => cue.kind === "look").map((cue) => cue.at_s), end_s];
    const middles = ends.slice(1).map((to, k) => (ends[k] + to) / 2);
    return middles.filter((middle) => inside.every((cue) => cue.at_s - middle > CLEAR_S || middle - cue.at_s - cue.duration_s > 0.2));
  }

  look(at_s, { step }) {
    const { side } = this;
    this.side = side === "left" ? "right" : "left";
    return { at_s, kind: "look", key: `look_${side}`, say: this.said[side] ?? "", duration_s: 1.5, step, side, extra: true };
  }
}
