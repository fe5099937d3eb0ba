// The way through a guide: which piece a time is in, and where one may go on so that nobody starts backward unprepared.

/** How long somebody is counted in before going backward [s]. */
export const COUNT_IN_S = 3;
/** A countdown's numbers this close are the same one [s]. */
const SAME_COUNT_S = 0.5;

const backward = (piece) => piece?.state === "reverse";

/** The index of the piece that `at_s` is in; -1 before the first. */
export function pieceAt(guide, at_s) {
  return guide.pieces.findLastIndex((piece) => piece.start_s <= at_s);
}

/** When the count-in to a piece begins: never before the piece in front of it does. */
export function countFrom({ pieces, starts_s }, index) {
  return Math.max(pieces[index].start_s - COUNT_IN_S, pieces[index - 1]?.start_s ?? starts_s);
}

/** Where skipping leads from a piece: to the next, to a backward one by its count-in, from the last one to the end. */
export function skipTo(guide, index) {
  const following = guide.pieces[index + 1];
  return backward(following) ? countFrom(guide, index + 1) : following?.start_s ?? guide.ends_s;
}

/**
 * Where to go on instead of at `at_s`, of a session that has come as far as piece `begun`: what is left of a backward piece is
 * given up, and the last seconds before one are counted again.
 */
export function safe(guide, at_s, begun = -1) {
  const { pieces, ends_s } = guide;
  const index = pieceAt(guide, at_s);
  if (backward(pieces[index]) && (index === begun || at_s > pieces[index].start_s)) {
    return pieces.find((piece, k) => k > index && !backward(piece))?.start_s ?? ends_s;
  }
  const coming = backward(pieces[index]) ? index : index + 1;
  return backward(pieces[coming]) ? Math.min(at_s, countFrom(guide, coming)) : at_s;
}

/** Three, two, one from `at_s` on before piece `index`, where it is backward and its own countdown has begun, or there is none. */
export function countsMissing(guide, cues, index, at_s) {
  const piece = guide.pieces[index];
  if (!backward(piece)) return [];
  const from_s = guide.pieces[index - 1]?.start_s ?? guide.starts_s;
  const counts = cues.filter((cue) => cue.kind === "count" && cue.at_s >= from_s && cue.at_s < piece.start_s);
  if (at_s <= (counts[0]?.at_s ?? from_s)) return [];
  return [3, 2, 1]
    .map((n) => counted(n, piece))
    .filter((one) => one.at_s >= at_s && !counts.some((cue) => Math.abs(cue.at_s - one.at_s) < SAME_COUNT_S));
}

/** A number of a count-in, as the guide makes them. */
function counted(n, { start_s, step }) {
  return { at_s: start_s - n, kind: "count", key: "count", say: `${n}`, duration_s: 0.4, step, side: null, clips: [`${n}`], extra: true };
}
