// Pace: how fast and how far somebody went backward, as far as satellites and belts can be believed. Pure.

/** Mean radius of the Earth [m] (IUGG). */
const EARTH_M = 6_371_008.8;
const RADIANS = Math.PI / 180;
const KMH = 3.6;

const backward = (piece) => piece?.state === "reverse";

/** Metres between two fixes, for the few hundred metres of a stretch. */
export function apart(one, other) {
  const north = (other.lat - one.lat) * RADIANS;
  const east = (((other.lon - one.lon + 540) % 360) - 180) * RADIANS * Math.cos(((one.lat + other.lat) / 2) * RADIANS);
  return EARTH_M * Math.hypot(north, east);
}

/** Metres that two fixes are apart at least: their distance without what either may be off by. */
export const surelyApart = (one, other) => Math.max(0, apart(one, other) - Math.hypot(one.accuracy_m, other.accuracy_m));

/** The fixes without those that nobody could have run to from the one before. */
export function believed(fixes, { speed_plausible }) {
  const found = [];
  for (const fix of fixes) {
    const last = found.at(-1);
    if (!last || surelyApart(last, fix) <= (speed_plausible * (fix.at_ms - last.at_ms)) / 1000) found.push(fix);
  }
  return found;
}

/** When piece `at` began [ms]: as noted, else reckoned from where the session is. */
function beganMs({ began, guide: { pieces } }, { position_s, now_ms }, at) {
  return began[at] ?? now_ms - (position_s - pieces[at].start_s) * 1000;
}

// -- speed ---------------------------------------------------------------------------------------------------------------

/** The fastest that is let pass [m/s]: the limit, on a treadmill the belt's, with the margin. */
export function highest({ safety, rules }) {
  const belt = safety.treadmill && safety.treadmill_kmh !== null ? safety.treadmill_kmh / KMH : Infinity;
  return Math.min(belt, safety.speed_mps) * rules.speed_margin;
}

/** Whether this backward piece was above the limit without a break for as long as is believed, up to now. */
export function overSpeed(memory, here) {
  const { guide } = memory, since_ms = beganMs(memory, here, here.at), cap = highest(guide);
  if (guide.safety.treadmill) return over(memory.belts, since_ms, here.now_ms, cap, guide.rules);
  const fixes = believed(memory.fixes, guide.rules).filter((fix) => fix.at_ms >= since_ms);
  const told = fixes.filter(({ speed_mps }) => Number.isFinite(speed_mps) && speed_mps >= 0 && speed_mps <= guide.rules.speed_plausible);
  return over(told, since_ms, here.now_ms, cap, guide.rules) || (told.length === 0 && wentFaster(fixes, cap, guide.rules, here.now_ms));
}

/** The latest speeds all above `cap`, over `speed_for` seconds at least, and none missing for as long. */
function over(speeds, since_ms, now_ms, cap, { speed_for }) {
  const most_ms = speed_for * 1000;
  let until_ms = now_ms, first_ms = NaN, last_ms = NaN;
  for (const { at_ms, speed_mps } of speeds.filter((one) => one.at_ms >= since_ms).reverse()) {
    if (!(speed_mps > cap) || until_ms - at_ms > most_ms) break;
    [first_ms, until_ms] = [at_ms, at_ms];
    if (Number.isNaN(last_ms)) last_ms = at_ms;
  }
  return last_ms - first_ms >= most_ms;
}

/** Where no speed is told: whether the way since any fix at least `speed_for` ago surely took more than `cap`. */
function wentFaster(fixes, cap, { speed_for }, now_ms) {
  const last = fixes.at(-1);
  if (!last || now_ms - last.at_ms > speed_for * 1000) return false;
  return fixes.some((fix) => {
    const seconds = (last.at_ms - fix.at_ms) / 1000;
    return seconds >= speed_for && surelyApart(fix, last) > cap * seconds;
  });
}

// -- way -----------------------------------------------------------------------------------------------------------------

/** Whether this piece lasts longer than its room allows, or its stretch led farther. */
export function wentTooFar(memory, here) {
  const { pieces, rules } = memory.guide, { room_s } = pieces[here.at];
  // A piece may fill its room to the last second: the slack is that of a clock that looks a few times a second.
  if (typeof room_s === "number" && here.into_s > room_s + rules.stale_cue) return true;
  const first = stretchFrom(pieces, here.at), { room_m, speed_mps } = pieces[first];
  return typeof room_m === "number" && wayM(memory, here, first) > room_m + (speed_mps ?? 0) * rules.stale_cue;
}

/** The piece a stretch began with: pauses between backward pieces give no room back. */
function stretchFrom(pieces, at) {
  let first = at;
  for (let k = at - 1; k >= 0 && (backward(pieces[k]) || pieces[k].state === "stand"); k -= 1) if (backward(pieces[k])) first = k;
  return first;
}

/** Metres gone backward since piece `first` began: surely, by the satellites; without them by time and the speed asked for. */
export function wayM(memory, here, first) {
  const measured = measuredM(memory, here, first);
  if (memory.gps.ok && !Number.isNaN(measured) && !memory.guide.safety.treadmill) return measured;
  return Math.max(reckonedM(memory.guide.pieces, first, here.position_s), measured || 0);
}

/** Metres backward from the start of piece `first` until a session time, at the speeds asked for. */
function reckonedM(pieces, first, until_s) {
  const gone_s = ({ start_s, end_s }) => Math.max(0, Math.min(end_s, until_s) - start_s);
  return pieces.slice(first).reduce((sum, piece) => sum + (backward(piece) ? gone_s(piece) * (piece.speed_mps ?? 0) : 0), 0);
}

/**
 * From the fix at the beginning to each of the last two, without what they may be off by; what no fix saw is reckoned. The
 * lesser of both, so that no single fix stops anybody. NaN where there are not so many.
 */
function measuredM(memory, here, first) {
  const { pieces, rules } = memory.guide, began_ms = beganMs(memory, here, first), fixes = believed(memory.fixes, rules);
  const before = fixes.findLast(({ at_ms }) => at_ms <= began_ms && began_ms - at_ms <= rules.speed_for * 1000);
  const from = before ?? fixes.find(({ at_ms }) => at_ms > began_ms);
  const late = fixes.filter(({ at_ms }) => from && at_ms > Math.max(from.at_ms, began_ms)).slice(-2);
  if (late.length < 2) return NaN;
  const until = (at_ms) => reckonedM(pieces, first, here.position_s - (here.now_ms - at_ms) / 1000);
  const unseen = (fix) => until(from.at_ms) + until(here.now_ms) - until(fix.at_ms);
  return Math.min(...late.map((fix) => surelyApart(from, fix) + unseen(fix)));
}
