// Safety: what is done when something is not as it should be. Pure: facts are noted in a memory, a verdict is read from it.
// Whatever nobody vouched for is not there: link and sound count as lost until somebody noted that they are.
// A screen that may go dark, weak satellites and a low battery are told and refuse nothing: sound and STOP work on, and a
// page that does go out of sight is stopped by its own rule. Turned away, people would go out without a coach.

import { overSpeed, wentTooFar } from "./coach-pace.js";

/** Every reason there is, gravest first: among those that ask for the same act, the first is told. */
export const REASONS = ["you", "spotter", "clock", "spotter-lost", "sound", "hidden", "room", "speed", "awake", "gps", "battery"];

/** What can be asked for, mildest first. "walk": backward no more, or not at all; the session goes on forward. */
export const ACTS = ["go", "warn", "walk", "stop"];

/** So much more often somebody looks round whom nobody watches over any more. */
const GLANCE_ALONE = 2;
/** Fixes and belt speeds kept: twenty minutes at one a second, longer than any stretch. */
const MOST_KEPT = 1200;

const backward = (piece) => piece?.state === "reverse";
const graver = (one, other) => REASONS.indexOf(one.why) - REASONS.indexOf(other.why);
const worse = (one, other) => ACTS.indexOf(other.act) - ACTS.indexOf(one.act) || graver(one, other);

// -- what is known -------------------------------------------------------------------------------------------------------

/**
 * A memory in which nothing happened yet.
 * @param {object} guide  as /coach/session.json has it
 * @param {{spotter: "required"|"optional"|"none"}} with who watches over this session from another phone
 */
export function begin(guide, { spotter }) {
  if (!["required", "optional", "none"].includes(spotter)) throw new TypeError(`A spotter cannot be ${spotter}`);
  const { pieces, cues = [], rules, safety } = guide;
  return {
    guide: { pieces, rules, safety, announced: pieces.map((piece, at) => announcedAt(cues, pieces[at - 1], piece, rules)) },
    spotter,
    link: { ok: false, since_ms: null, ever: false },
    sound: { ok: false, since_ms: null },
    hidden: { ok: true, since_ms: null },
    awake: { ok: true, since_ms: null },
    gps: { ok: true, since_ms: null },
    fixes: [],
    belts: [],
    battery: null,
    began: {},
    given_up: null,
    latched: null,
  };
}

/** From when on a piece is made ready for: its announcement, else as long before it as a lost spotter is waited for. */
function announcedAt(cues, previous, piece, rules) {
  const from_s = previous?.start_s ?? -Infinity;
  const cue = cues.find(({ kind, step, at_s }) => kind === "next" && step === piece.step && at_s >= from_s && at_s < piece.start_s);
  return cue?.at_s ?? piece.start_s - rules.spotter_grace;
}

const NOTED = {
  link: (memory, value, now_ms) => linked(memory, value === true || (value?.alive === true && value.hidden !== true), now_ms),
  sound: (memory, value, now_ms) => turned(memory, "sound", value === true, now_ms),
  hidden: (memory, value, now_ms) => turned(memory, "hidden", value === false, now_ms),
  awake: (memory, value, now_ms) => turned(memory, "awake", value === true, now_ms),
  position: (memory, value, now_ms) => located(memory, value ?? {}, now_ms),
  "position-lost": (memory, _, now_ms) => turned(memory, "gps", false, now_ms),
  belt: (memory, value, now_ms) => belted(memory, value ?? {}, now_ms),
  battery: (memory, value) => ({ ...memory, battery: value ?? null }),
  stall: (memory, value) => (short(value, memory.guide.rules.clock_stall) ? memory : latched(memory, "clock")),
  shout: (memory) => latched(memory, "spotter"),
  stop: (memory, value) => latched(memory, REASONS.includes(value) ? value : "you"),
  walk: (memory, value) => ({ ...memory, given_up: value }),
  piece: (memory, value, now_ms) => ({ ...memory, began: { ...memory.began, [value]: now_ms } }),
  went_on: (memory) => ({ ...memory, latched: null }),
};

/** Whether it is known, and no more than `most`. */
const short = (value, most) => Number.isFinite(value) && value <= most;

/** The names of all facts. */
export const FACTS = Object.keys(NOTED);

/**
 * The memory with a fact more. `now_ms` is of one clock that never goes back; at_ms of positions and belts is of the same.
 * link, sound, awake: true where all is well; hidden: true where the page is out of sight; position {lat, lon, accuracy_m,
 * speed_mps, at_ms}; position-lost; belt {speed_mps, at_ms}; battery {level, charging}; stall seconds; shout (the spotter's
 * STOP); stop (the runner's STOP, or the reason of a stop that was done); walk {piece, why} (a piece that was given up);
 * piece index (as it begins); went_on (a person went on after a stop or a pause: nothing else takes a stop away).
 */
export function note(memory, fact, value, now_ms) {
  if (!Object.hasOwn(NOTED, fact)) throw new TypeError(`There is no fact ${fact}`);
  return NOTED[fact](memory, value, now_ms);
}

/** Since when something is as it is: told twice, it is not newer, and what was never there is lost since ever. */
function turned(memory, name, ok, now_ms) {
  return memory[name].ok === ok ? memory : { ...memory, [name]: { ...memory[name], ok, since_ms: now_ms } };
}

function linked(memory, ok, now_ms) {
  const next = turned(memory, "link", ok, now_ms);
  return ok && !next.link.ever ? { ...next, link: { ...next.link, ever: true } } : next;
}

function latched(memory, why) {
  const known = memory.latched;
  return { ...memory, latched: known && graver({ why: known }, { why }) <= 0 ? known : why };
}

function located(memory, position, now_ms) {
  const at_ms = Math.min(position.at_ms ?? now_ms, now_ms);
  const fix = { at_ms, lat: position.lat, lon: position.lon, accuracy_m: position.accuracy_m, speed_mps: position.speed_mps };
  const good = short(fix.accuracy_m, memory.guide.rules.gps_accuracy) && Number.isFinite(fix.lat) && Number.isFinite(fix.lon);
  const known = turned(memory, "gps", good, now_ms);
  return good ? { ...known, fixes: kept(known.fixes, fix) } : known;
}

function belted(memory, { speed_mps, at_ms }, now_ms) {
  return Number.isFinite(speed_mps) ? { ...memory, belts: kept(memory.belts, { at_ms: Math.min(at_ms ?? now_ms, now_ms), speed_mps }) } : memory;
}

const kept = (known, one) => (one.at_ms > (known.at(-1)?.at_ms ?? -Infinity) ? [...known.slice(1 - MOST_KEPT), one] : known);

// -- what is to be done --------------------------------------------------------------------------------------------------

/**
 * What is to be done now. `piece` is the player's index, `status` its state: only a running session is judged by act, one that
 * idles or is paused is warned, one that was stopped stays so, one that is done is left alone.
 * @returns {{act: string, why: string|null, warnings: string[], glance: number}} glance: how many times as often to look round
 */
export function judge(memory, { piece, position_s, status }, now_ms) {
  const here = whereIn(memory, piece, position_s, now_ms);
  const found = RULES.flatMap((rule) => rule(memory, here) ?? []);
  const idle = status === "idle" || status === "paused";
  const facts = idle ? found.map(({ why }) => ({ act: "warn", why })) : found;
  const stopped = memory.latched ?? (status === "stopped" ? "you" : null);
  const all = stopped ? [...facts, { act: "stop", why: stopped }] : facts;
  const glance = found.some(({ why }) => why === "spotter-lost") ? GLANCE_ALONE : 1;
  if (status === "done" && !stopped) return { act: "go", why: null, warnings: [], glance: 1 };
  const gravest = stopped ? all.at(-1) : [...all].sort(worse)[0];
  const warnings = facts.map(({ why }) => why).sort((one, other) => graver({ why: one }, { why: other }));
  return { act: gravest?.act ?? "go", why: gravest?.why ?? null, warnings, glance };
}

/** What is done now, whether that goes backward, and whether what comes next does and is being made ready for. */
function whereIn({ guide: { pieces, announced } }, piece, position_s, now_ms) {
  const known = Number.isInteger(piece) ? piece : pieces.findLastIndex((one) => one.start_s <= position_s);
  const at = position_s < (pieces[known]?.start_s ?? -Infinity) ? known - 1 : known;
  const now = pieces[at], next = pieces[at + 1];
  return {
    at, position_s, now_ms,
    backward: backward(now),
    into_s: now ? position_s - now.start_s : 0,
    soon: backward(next) && position_s >= announced[at + 1],
  };
}

const lasts_s = ({ since_ms }, { now_ms }) => (since_ms === null ? Infinity : Math.max(0, now_ms - since_ms) / 1000);

/** Lost for longer than `grace_s` on the way backward: stop. Lost before backward began, or as it is about to: walk. */
function needed(why, lost_s, grace_s, here) {
  if (here.backward && lost_s >= grace_s) return { act: "stop", why };
  const unready = here.backward ? lost_s >= here.into_s : here.soon;
  return { act: unready ? "walk" : "warn", why };
}

const RULES = [
  ({ spotter, link, guide }, here) => {
    if (spotter === "none" || link.ok || (spotter === "optional" && !link.ever)) return null;
    if (spotter === "optional") return { act: "warn", why: "spotter-lost" };
    return needed("spotter-lost", lasts_s(link, here), guide.rules.spotter_grace, here);
  },
  ({ sound, guide }, here) => (sound.ok ? null : needed("sound", lasts_s(sound, here), guide.rules.sound_grace, here)),
  ({ hidden, guide }, here) => (hidden.ok ? null : needed("hidden", lasts_s(hidden, here), guide.rules.hidden_grace, here)),
  (memory, here) => (here.backward && wentTooFar(memory, here) ? { act: "stop", why: "room" } : null),
  (memory, here) => (here.backward && overSpeed(memory, here) ? { act: "walk", why: "speed" } : null),
  ({ given_up }, here) => (here.backward && given_up?.piece === here.at ? { act: "walk", why: given_up.why } : null),
  ({ awake }) => (awake.ok ? null : { act: "warn", why: "awake" }),
  ({ gps, guide }) => (gps.ok || guide.safety.treadmill ? null : { act: "warn", why: "gps" }),
  ({ battery, guide }) => (battery && !battery.charging && battery.level < guide.rules.battery_low ? { act: "warn", why: "battery" } : null),
];
