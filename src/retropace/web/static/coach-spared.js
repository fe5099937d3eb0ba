// A backward piece that is walked after all, because something that it needs is not there any more.

/** A countdown begins so long before what it counts to, at most [s]. */
const COUNTED_S = 5.5;

/** Has `player` walk backward piece `index`, which has not begun: nothing of it is announced or called; whether it did. */
export function walkInstead(player, index) {
  player.settle();
  if (index <= player.piece || player.guide.pieces[index]?.state !== "reverse") return false;
  Object.assign(player, walkedInstead(player.guide, player.cues, index));
  const next = player.cues.findIndex((cue) => cue.at_s >= player.position_s && !player.told.has(cue));
  player.next = next < 0 ? player.cues.length : next;
  player.turn();
  return true;
}

/** The guide with piece `index` walked, and its cues without what announces that piece, counts down to it or belongs to it. */
export function walkedInstead(guide, cues, index) {
  const piece = guide.pieces[index];
  const before = guide.pieces[index - 1];
  const { words = "" } = guide.pieces.find((one) => one.state === "walk") ?? {};
  const walked = { ...piece, state: "walk", doing: "walk", words, repeat: 0, of: 0, speed_mps: null, room_s: null, room_m: null };
  const pieces = guide.pieces.with?.(index, walked) ?? guide.pieces.map((one, at) => (at === index ? walked : one));
  return { guide: { ...guide, pieces }, cues: cues.filter((cue) => !belongs(cue, piece, before)) };
}

function belongs(cue, piece, before) {
  if (cue.kind === "done" || cue.at_s >= piece.end_s) return false;
  if (cue.at_s >= piece.start_s) return true;
  if (cue.at_s < (before?.start_s ?? -Infinity)) return false;
  return cue.kind === "next" ? cue.step === piece.step : cue.kind === "count" && cue.at_s >= piece.start_s - COUNTED_S;
}
