// What the movement of a body part says of direction, in all its readings: motion_witness.py for one second after the other.
import { Constancy } from "./coach-motion-constancy.js";

const lse = (a, b) => Math.max(a, b) + Math.log1p(Math.exp(-Math.abs(a - b)));
const TURN = Math.PI;
const chance = (nats) => 1 / (1 + Math.exp(-nats));

/** exp(-k) I0(k) of a von Mises distribution with concentration k. */
function scaled(k) {
  let term = Math.exp(-k), sum = term;
  for (let n = 1; n < 60; n += 1) sum += term *= (k / (2 * n)) ** 2;
  return sum;
}

/** How the feet move, the same for every direction: [standing, walking, running] in nats. */
export function gait({ hz, still, run }, { stepping_nats, still_nats }) {
  const stepping = hz > 0, moving = stepping ? stepping_nats + speed(hz) : still_nats * Math.min(1, Math.max(0, (still - 0.3) / 0.7)) + (still > 0.5 ? speed(0) : 0);
  const running = stepping ? run : 0;
  return [-lse(0, moving), -lse(0, -moving) - lse(0, running), -lse(0, -moving) - lse(0, -running)];
}

const speed = (hz) => Math.min(5, Math.max(-3, (60 * hz - 45) / 10));

/** A phone on a thigh: walking and running are two ways of speaking, and somebody may have either the wrong way round. */
export class Pocket {
  constructor({ thigh, constancy }) {
    const [walk, run] = [thigh.walk_inverted, thigh.run_inverted].map(chance), both = Math.min(walk, run) / 2;
    const priors = [1 - walk - run + both, run - both, walk - both, both].map(Math.log);
    Object.assign(this, { thigh, signs: [[1, 1], [1, -1], [-1, 1], [-1, -1]], priors, constancy: new Constancy(constancy) });
  }

  /** A second is heard, whether or not anything may be said of it. */
  hear({ second, steps, heading, thigh }) {
    const told = this.told({ steps, thigh }), said = {};
    if (told) said[told.gait] = { way: [Math.sign(told.nats), 0], weight: Math.abs(told.nats) };
    this.constancy.put(second, steps, heading, said);
    this.heard = told;
  }

  /** Nats for backward of each reading, of the second last heard; null where it is silent. */
  say() {
    if (!this.heard) return null;
    const { gait, nats } = this.heard, said = nats * this.constancy.share(gait);
    return this.signs.map(([walk, run]) => [-0.5, 0.5].map((half) => half * said * (gait === "run" ? run : walk)).concat(-Math.abs(said) / 2));
  }

  /** The gait, and nats for backward as of most people. */
  told({ steps, thigh: seen }) {
    const { thigh } = this, { walk_nats, walk_most, run_nats, run_most, surely_walks, surely_runs, walks_like, least_told } = thigh;
    const whole = seen.walk + seen.run, agree = seen.walk * whole > 0, open = steps.run >= surely_walks && steps.run <= surely_runs;
    const walks = steps.run < surely_walks || (open && agree && Math.abs(seen.walk) > walks_like);
    const runs = !walks && Math.abs(whole) > least_told && (!open || agree);
    if (!(steps.hz > 0) || !this.hangs(seen) || !(walks || runs)) return null;
    const [value, nats, most] = runs ? [whole, run_nats, run_most] : [seen.walk, walk_nats, walk_most];
    return { gait: runs ? "run" : "walk", nats: Math.max(-most, Math.min(most, -nats * value)) };
  }

  /** Whether what swings could be a thigh: far enough, under a pivot, pushed along twice a stride. */
  hangs({ angle, pushed, in_step, aside, lifted }) {
    const { swings_rad, least_pushed, least_in_step, most_aside, most_lifted } = this.thigh;
    return angle > swings_rad[0] && angle < swings_rad[1] && pushed > least_pushed && in_step > least_in_step && aside < most_aside && lifted < most_lifted;
  }
}

/** A phone on the trunk: where it travels on the phone's axes is known, where the front lies is not; either end of its axis. */
export class Waist {
  constructor({ trunk, weighed, constancy }) {
    const other = chance(lse(trunk.inverted_walking_nats, trunk.inverted_running_nats)), priors = [1 - other, other, 1 - other, other].map(Math.log);
    Object.assign(this, { weighed, trunk, ends: [[0, 0], [0, TURN], [TURN, 0], [TURN, TURN]], priors, east: 0, north: 0, whole: 0 });
    this.constancy = new Constancy(constancy);
  }

  hear({ second, steps, heading, trunk: { travel, kappa, run, hz } }) {
    const { out_of_step, sure_nats_low } = this.trunk, said = {}; // what the steps do not know, or not surely, is no objection
    const apart = Math.abs(Math.log(hz / steps.hz)) > out_of_step || (run * steps.run < 0 && Math.abs(steps.run) > sure_nats_low);
    const gait = run > 0 ? "run" : "walk", spoken = kappa > 0 && !apart;
    if (spoken) said[gait] = { way: [Math.cos(travel), Math.sin(travel)], weight: kappa };
    this.constancy.put(second, steps, heading, said);
    this.heard = spoken ? { gait, travel, kappa } : null;
  }

  say() {
    if (!this.heard) return null;
    const { gait, travel } = this.heard, kappa = this.heard.kappa * this.constancy.share(gait);
    this.east += kappa * Math.cos(2 * travel);
    this.north += kappa * Math.sin(2 * travel);
    this.whole += kappa;
    const clear = Math.min(Math.hypot(this.east, this.north) / this.whole, 0.999), { least_axis, least_said } = this.weighed;
    if (clear < least_axis || this.whole < least_said) return null;
    const front = Math.atan2(this.north, this.east) / 2, sharp = Math.min(kappa, 2 / Math.max(-Math.log(clear), 1e-3));
    return this.ends.map(([end, other]) => this.ways(travel - front - end - (gait === "run" ? other : 0), sharp));
  }

  /** Nats of forward, backward and sideways for travel so far from the front. */
  ways(apart, sharp) {
    const { heading_outliers: stray, overlap } = this.weighed, norm = scaled(sharp);
    const at = (centre) => Math.log(((1 - stray) * Math.exp(sharp * (Math.cos(apart - centre) - 1))) / norm + stray);
    return [at(0), at(TURN), lse(at(TURN / 2), at(-TURN / 2)) - Math.LN2].map((nats) => overlap * nats);
  }
}
