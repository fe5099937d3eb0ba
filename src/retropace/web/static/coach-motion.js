// Which way the runner goes, as the phone itself sees it, second by second and without any server. It changes nothing of what the
// coach does; it is told where nothing shows it. Numbers come with the session (motion_numbers.py), formulas are Python's own.
import { Chain, urged } from "./coach-motion-chain.js";
import { Even } from "./coach-motion-level.js";
import { Frames } from "./coach-motion-frame.js";
import { gait, Pocket, Waist } from "./coach-motion-say.js";
import { Steps } from "./coach-motion-steps.js";
import { Thigh } from "./coach-motion-thigh.js";
import { Trunk } from "./coach-motion-trunk.js";
import { Worn } from "./coach-motion-worn.js";

const NAMES = ["standing", "forward", "backward", "sideways"];
/** What a trunk says of what is no trunk. */
const NOWHERE = { travel: NaN, kappa: NaN, hz: NaN, run: NaN };
const SAYS = { pocket: Pocket, waist: Waist };

/** Events: seen {state: standing|forward|backward|sideways|unknown, probability, why, at_ms, placement, asked}, a second each, `delay_s` late. */
export class Motion extends EventTarget {
  /** @param {object} numbers  @param {{worn?: string}} told where somebody said that the phone is */
  constructor(numbers, { worn: told = null } = {}) {
    super();
    const { clock, steps, thigh, trunk, worn, weighed } = numbers;
    Object.assign(this, { numbers, weighed, asks: [{ at_s: -Infinity, way: null }], turns: false, told: 0 });
    this.looks = { steps: new Steps(steps, clock), thigh: new Thigh(thigh, clock), trunk: new Trunk(trunk, clock) };
    this.worn = new Worn({ ...worn, handled_rad: weighed.handled_rad }, clock, told);
    this.frames = new Frames(clock, (frame) => this.look(frame));
    this.even = new Even(clock, (...one) => this.frames.put(...one));
    this.begin(null);
  }

  get delay_s() { return this.frames.delay_s; }

  /** One motion sample of coach-senses.js. */
  feel(sample) {
    this.from_ms ??= sample.at_ms;
    if (!Number.isNaN(sample.ra + sample.rb + sample.rg)) this.turns = true;
    this.even.put((sample.at_ms - this.from_ms) / 1000, sample);
  }

  /** What the coach asks for from `at_ms` on: "backward", "forward", or null where neither. */
  ask(way, at_ms) {
    if (way === this.asks.at(-1).way) return;
    this.asks.push({ at_s: (at_ms - (this.from_ms ?? at_ms)) / 1000, way });
    if (this.asks.length > 8) this.asks.shift();
  }

  /** What was asked in a second, and since when [s]. */
  asked(second) { return this.asks.findLast((one) => one.at_s <= second + 0.5) ?? this.asks[0]; }

  /** Another placement, or the phone put away anew: nothing of what was said before holds. */
  begin(placement) {
    const Says = SAYS[placement];
    this.placement = placement;
    this.says = Says ? new Says(this.numbers) : null;
    this.chain = new Chain(this.numbers.chain, this.says?.priors ?? [0]);
    this.told = 0;
    this.wearing = this.worn.since;
  }

  look(frame) {
    const { steps, thigh, trunk } = this.looks, aside = this.placement !== "waist" && this.placement !== null;
    const row = { steps: steps.see(frame), thigh: thigh.see(frame), trunk: aside ? NOWHERE : trunk.see(frame) };
    const { placement, moved } = this.worn.see({ ...frame, ...row });
    if (placement !== this.placement || this.worn.since !== this.wearing) this.begin(placement);
    this.says?.hear({ second: frame.second, heading: pointed(frame), ...row });
    const said = moved ? null : (this.says?.say() ?? null);
    const probability = this.chain.step(this.emissions(gait(row.steps, this.weighed), said), this.turning(frame.second));
    this.count(said);
    const seen = this.judge(probability, row.steps), { way, at_s } = this.asked(frame.second), at_ms = this.from_ms + 1000 * frame.second;
    this.dispatchEvent(new CustomEvent("seen", { detail: { ...seen, placement, at_ms, asked: way, asked_s: frame.second - at_s, row } }));
  }

  /** Nats of each state, for each reading. */
  emissions([stands, walks, runs], said) {
    return this.chain.readings.map((_, number) => {
      const [forward, backward, sideways] = said ? said[number] : [0, 0, 0];
      return [stands, walks + forward, runs + forward, walks + backward, runs + backward, walks + sideways, runs + sideways];
    });
  }

  /** Whoever was just asked to turn is a little more likely to. */
  turning(second) {
    const { at_s, way } = this.asked(second);
    const { transition } = this.numbers.chain, { forward, backward, asked_within_s, [`asked_${way}`]: share } = this.weighed;
    if (!way || second - at_s > asked_within_s) return transition;
    return way === "backward" ? urged(transition, forward, backward, share, asked_within_s) : urged(transition, backward, forward, share, asked_within_s);
  }

  /** What was said lately, in nats for backward: without a word of the sensors no direction is named. */
  count(said) {
    this.told *= 1 - 1 / this.weighed.dissent_s;
    if (said) this.chain.weights.forEach((weight, number) => { this.told += weight * (said[number][1] - said[number][0]); });
  }

  judge(probability, { hz, still }) {
    const [stands, w, r, wb, rb, ws, rs] = probability, shares = [stands, w + r, wb + rb, ws + rs], best = shares.indexOf(Math.max(...shares));
    const { sure_enough, decisive_nats } = this.weighed, moving = 1 - stands, state = NAMES[best];
    if (best === 0) return still > 0.5 ? { state, probability: stands, why: null } : unknown(stands, "slow");
    const share = shares[best] / moving, open = !this.says ? (this.placement === null ? "early" : "placement") : !(hz > 0) ? "slow" : null;
    if (open) return unknown(share, this.turns ? open : "gyroscope");
    if (share < sure_enough) return unknown(share, "signs");
    const spoken = { forward: -this.told, backward: this.told }[state] ?? Infinity;
    return spoken < decisive_nats ? unknown(share, spoken > -decisive_nats ? "none" : "signs") : { state, probability: share, why: null };
  }
}

/** Where the phone pointed in a second, on the whole [rad]; NaN where nothing was felt. */
function pointed({ second, window }) {
  const [heading, felt] = window(second).slice(6, 8);
  return heading.reduce((sum, one, i) => sum + one * felt[i], 0) / felt.reduce((sum, one) => sum + one, 0);
}

const unknown = (probability, why) => ({ state: "unknown", probability, why });
