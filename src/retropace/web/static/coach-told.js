// What a spotter is told of a run: how it stands, what comes, and how far it is to the end of the clear stretch.

const BY = { you: "runner" };

/** The clear stretch that is left [m], by the speed that is asked for; null where it has no end or nobody said how long it is. */
export function toEnd(piece, left_s) {
  if (piece.state !== "reverse" || piece.room_m === null || piece.speed_mps === null) return null;
  const gone_s = Math.max(0, piece.end_s - piece.start_s - left_s);
  return Math.max(0, piece.room_m - gone_s * piece.speed_mps);
}

export function toldToSpotter({ player, piece, status, why }) {
  const { guide } = player;
  const { clear_m, treadmill } = guide.safety;
  return {
    status,
    state: piece.state,
    why: BY[why] ?? why,
    repeat: piece.repeat,
    of: piece.of,
    left_s: player.left_s,
    next: guide.pieces[player.piece + 1]?.state ?? null,
    to_end_m: toEnd(piece, player.left_s),
    clear_m,
    keep_m: null,
    treadmill,
  };
}
