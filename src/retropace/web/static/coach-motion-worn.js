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

  sizes(near, steps, thigh) {
    if (!(steps.hz > 0) || Number.isNaN(thigh.angle)) return null;
    const [, , , x, y, z] = near, { least_radps, rest_floor, least, least_known } = this.numbers;
    if (mean(near[7]) <= least_known) return null;
    const turning = Array.from(x, (v, i) => Math.hypot(v, y[i], z[i])), usual = Math.sqrt(mean(turning.map((v) => v * v)));
    if (usual <= least_radps) return null;
    const quiet = turning.toSorted((a, b) => a - b)[Math.floor(turning.length / 10)];
    const told = {
      angle: thigh.angle, pushed: thigh.pushed, second: thigh.second, turned: thigh.turned, aside: thigh.aside, lifted: thigh.lifted,
      yaw: Math.sqrt(spread(z) / Math.max(spread(x) + spread(y), least_radps ** 2)),
      rest: quiet / Math.max(usual, least_radps) + rest_floor,
      rotation: steps.turn / (Math.PI * steps.hz),
    };
    const size = Object.fromEntries(Object.entries(told).map(([name, value]) => [name, Math.log(Math.max(value, least))]));
    return this.numbers.sizes.map((name) => (name === "lever" ? thigh.lever : size[name]));
  }

  placed() {
    const { usual, often, meaning, independent, farthest, strange_spreads, strange_spread, sure, sizes } = this.numbers;
    const middle = sizes.map((_, k) => median(this.rows.map((row) => row[k])));
    const nats = Object.entries(usual).map(([part, told]) => {
      const each = told.map(([centre, wide], k) => -(Math.min(Math.abs(middle[k] - centre) / wide, farthest) ** 2) / 2 - Math.log(wide));
      return [part, Math.log(often[part]) + independent * each.reduce((all, one) => all + one)];
    });
    nats.push(["strange", Math.log(often.strange) + independent * sizes.length * (-(strange_spreads ** 2) / 2 - Math.log(strange_spread))]);
    const most = Math.max(...nats.map(([, value]) => value)), shares = {};
    for (const [part, value] of nats) shares[meaning[part]] = (shares[meaning[part]] ?? 0) + Math.exp(value - most);
    const whole = Object.values(shares).reduce((all, one) => all + one), [best, share] = Object.entries(shares).sort((a, b) => b[1] - a[1])[0];
    const also = best === "waist" ? (shares.hand ?? 0) : 0; // an arm that hardly swings rides with the trunk
    return (share + also) / whole >= (sure[best] ?? Infinity) ? best : "other";
  }
}

function median(values) {
  const sorted = Float64Array.from(values).sort(), middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}
