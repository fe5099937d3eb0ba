// Which part of the body carries the phone, from how that part swings, and whether it was moved there: motion/placement.py.
import { dot, mean, spread } from "./coach-motion-sums.js";

/** What is felt of a second is kept for so long [s]; where the phone is worn is judged anew so often. */
const KEPT_S = 300, EVERY_S = 5;
const HANDLED_S = 2;

export class Worn {
  constructor(numbers, { slow_hz }, told = null) {
    Object.assign(this, { numbers, slow_hz, told, since: 0 });
    this.begin();
  }

  /** From now on it may be anywhere, and any way round. */
  begin() {
    this.rows = [];
    this.likely = null;
    this.since += 1;
  }

  /** The likeliest placement, "other" where none is sure, null where too few steps were seen. `moved` while it is handled. */
  see({ second, window, steps, thigh }) {
    const moved = this.handled(second, window);
    if (moved && !this.moved) this.begin();
    this.moved = moved;
    const sizes = moved ? null : this.sizes(window(second), steps, thigh);
    if (sizes) this.rows.push(sizes);
    if (this.rows.length > KEPT_S) this.rows.shift();
    const { fewest_s } = this.numbers, count = this.rows.length;
    if (sizes && count >= fewest_s && (count < 6 * fewest_s || count % EVERY_S === 0)) this.likely = this.placed();
    return { placement: this.told ?? this.likely, moved };
  }

  /** Whether it hangs otherwise in the seconds after this one than before it. */
  handled(second, window) {
    const { handled_rad } = this.numbers, whole = window(second, 2 * HANDLED_S + 1), seconds = HANDLED_S * this.slow_hz;
    const up = (from, to) => [8, 9, 10].map((axis) => mean(whole[axis].subarray(from, to)));
    const before = up(0, seconds), after = up(-seconds), size = Math.hypot(...before) * Math.hypot(...after);
    return size > 0 && dot(before, after) < size * Math.cos(handled_rad);
  }

  /** Sizes of a second in which somebody steps, with its gait and with how the stride was found beside the steps; else null. */
  sizes(near, steps, thigh) {
    if (!(steps.hz > 0) || Number.isNaN(thigh.angle)) return null;
    const [, , , x, y, z] = near, { least_radps, rest_floor, least, least_known, least_yaw, least_aside, least_second } = this.numbers;
    if (mean(near[7]) <= least_known) return null;
    const turning = Array.from(x, (v, i) => Math.hypot(v, y[i], z[i])), usual = Math.sqrt(mean(turning.map((v) => v * v)));
    if (usual <= least_radps) return null;
    const quiet = turning.toSorted((a, b) => a - b)[Math.floor(turning.length / 10)];
    const yaw = Math.sqrt(spread(z) / Math.max(spread(x) + spread(y), least_radps ** 2));
    const told = {
      angle: thigh.angle, pushed: thigh.pushed, turned: thigh.turned, lifted: thigh.lifted,
      second: Math.max(thigh.second, least_second), yaw: Math.max(yaw, least_yaw), aside: Math.max(thigh.aside, least_aside),
      rest: quiet / Math.max(usual, least_radps) + rest_floor, rotation: steps.turn / (Math.PI * steps.hz),
      reach: steps.level / steps.hz ** 2, flat: steps.level / Math.max(steps.vertical, least),
    };
    const size = Object.fromEntries(Object.entries(told).map(([name, value]) => [name, Math.log(Math.max(value, least))]));
    const octave = Math.max(-1, Math.min(1, Math.round(Math.log2((2 * thigh.hz) / steps.hz)))), gait = steps.run > 0 ? "run" : "walk";
    const row = this.numbers.sizes.map((name) => (name === "lever" ? thigh.lever : size[name]));
    return { row, kind: `${gait} ${this.numbers.strides[octave + 1]}` };
  }

  placed() {
    const { often, meaning, sure, no_mistake } = this.numbers, kinds = new Map();
    for (const { row, kind } of this.rows) kinds.set(kind, [...(kinds.get(kind) ?? []), row]);
    const groups = Array.from(kinds, ([kind, rows]) => ({ kind, part: rows.length / this.rows.length, middle: this.numbers.sizes.map((_, k) => median(rows.map((row) => row[k]))) }));
    const nats = Object.entries(often).map(([part, chance]) => [part, groups.reduce((all, group) => all + group.part * this.likeness(part, group), Math.log(chance))]);
    const most = Math.max(...nats.map(([, value]) => value)), shares = {};
    for (const [part, value] of nats) shares[meaning[part]] = (shares[meaning[part]] ?? 0) + Math.exp(value - most);
    const whole = Object.values(shares).reduce((all, one) => all + one), [best, share] = Object.entries(shares).sort((a, b) => b[1] - a[1])[0];
    const also = (no_mistake[best] ?? []).reduce((all, other) => all + (shares[other] ?? 0), 0);
    return (share + also) / whole >= (sure[best] ?? Infinity) ? best : "other";
  }

  /** Log-likelihood of the middle sizes of some seconds of one kind, for one part of the body. */
  likeness(part, { kind, middle }) {
    const { usual, independent, farthest, strange_spreads, strange_spread, strides, unseen, sizes } = this.numbers;
    if (part === "strange") return independent * sizes.length * (-(strange_spreads ** 2) / 2 - Math.log(strange_spread)) - Math.log(strides.length);
    const here = usual[`${part} ${kind}`], { mean: centre, spread: wide } = here ?? usual[`${part} ${kind.split(" ")[0]} once`];
    const each = middle.map((size, k) => -(Math.min(Math.abs(size - centre[k]) / wide[k], farthest) ** 2) / 2 - Math.log(wide[k]));
    return Math.log(here ? here.share : unseen) + independent * each.reduce((all, one) => all + one);
  }
}

function median(values) {
  const sorted = Float64Array.from(values).sort(), middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}
