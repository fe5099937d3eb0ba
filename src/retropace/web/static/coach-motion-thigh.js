// Which way a thigh walks or runs, from a phone that lies on it any way round: motion/swing.py and motion/pocket.py.
import { clock, conj, dot, hann, mean, rows, size, spread, times, wave } from "./coach-motion-sums.js";

const LEAST = 1e-9;

export class Thigh {
  constructor(numbers, { slow_hz, window_s }) {
    Object.assign(this, { numbers, shares: new Map() });
    const { slowest_hz, fastest_hz, search_step_hz, harmonics } = numbers, length = window_s * slow_hz;
    const time = clock(length, slow_hz), weight = hann(length), ones = new Float64Array(length).fill(1);
    this.hz = Array.from({ length: Math.round((fastest_hz - slowest_hz) / search_step_hz) + 1 }, (_, k) => slowest_hz + k * search_step_hz);
    const multiples = Array.from({ length: harmonics }, (_, k) => k + 1);
    this.fits = this.hz.map((hz) => rows([...[Math.cos, Math.sin].flatMap((shape) => multiples.map((k) => wave(time, k * hz, shape))), ones], weight, 2 * harmonics));
  }

  /** {walk, run}: positive for forward; and sizes that tell a thigh from what else swings. All NaN where too little was felt. */
  see({ second, piece, window }) {
    if (piece !== this.piece) this.shares.clear();
    this.piece = piece;
    const near = window(second), sought = [second - 1, second, second + 1].map((one) => this.share(one, window));
    const score = this.hz.map((_, k) => sought.reduce((sum, { told }) => sum + told[k], 0)), best = score.indexOf(Math.max(...score));
    const { angle, push, aside, lift } = this.swing(near, best), { least_rad, least_mps2, least_known } = this.numbers, own = Math.max(size(angle[0]), least_rad);
    const felt = mean(near[7]) > least_known && size(angle[0]) > least_rad, hz = this.hz[best];
    const tangential = times(push[0], conj(angle[0]))[0], pushed = Math.max(size(push[1]), least_mps2);
    const sizes = {
      angle: size(angle[0]),
      second: size(angle[1]) / own,
      pushed: size(push[1]) / Math.max(size(push[0]), least_mps2),
      lever: tangential / (own * 2 * Math.PI * hz) ** 2,
      in_step: tangential / Math.max(size(push[0]) * size(angle[0]), least_rad * least_mps2),
      aside: size(aside[1]) / pushed,
      lifted: size(lift[1]) / pushed,
      turned: sought[1].turned[best],
    };
    return felt ? { hz, ...sizes, ...this.phases(angle, push, lift) } : { hz: NaN, angle: NaN, walk: NaN, run: NaN };
  }

  /** Of each stride frequency the shares of level rotation that lie at it and at twice that, and of lift at twice that. */
  share(second, window) {
    if (this.shares.has(second)) return this.shares.get(second);
    const [, , z, x, y] = window(second), turn = 2 * (spread(x) + spread(y)) + LEAST, lift = 2 * spread(z) + LEAST, { harmonics } = this.numbers;
    const at = (fit, values, k) => dot(values, fit[k]) ** 2 + dot(values, fit[harmonics + k]) ** 2;
    const turned = this.fits.map((fit) => (at(fit, x, 0) + at(fit, y, 0)) / turn);
    const told = this.fits.map((fit, k) => turned[k] + (at(fit, x, 1) + at(fit, y, 1)) / turn + at(fit, z, 1) / lift);
    this.shares.set(second, { turned, told });
    this.shares.delete(second - 3);
    return this.shares.get(second);
  }

  /** Amplitudes of angle, push and lift at the multiples of the stride; their axis is one of its two ends. */
  swing(near, best) {
    const { harmonics } = this.numbers, fit = this.fits[best];
    const part = (axis, k) => [dot(near[axis], fit[k]), -dot(near[axis], fit[harmonics + k])];
    const [x, y] = [part(3, 0), part(4, 0)], axis = 0.5 * Math.atan2(2 * times(x, conj(y))[0], size(x) ** 2 - size(y) ** 2);
    const [ahead, aside] = [Math.cos(axis), Math.sin(axis)], both = (a, p, b, q) => [a * p[0] + b * q[0], a * p[1] + b * q[1]];
    const every = (made) => Array.from({ length: harmonics }, (_, k) => made(k));
    const over = (rate, [re, im]) => [im / rate, -re / rate];
    return {
      angle: every((k) => over(2 * Math.PI * this.hz[best] * (k + 1), both(ahead, part(3, k), aside, part(4, k)))),
      push: every((k) => both(aside, part(0, k), -ahead, part(1, k))),
      aside: every((k) => both(ahead, part(0, k), aside, part(1, k))),
      lift: every((k) => part(2, k)),
    };
  }

  phases(angle, push, lift) {
    const { least_rad, least_mps2, walk_follow, walk_flick, run_bounce } = this.numbers;
    const unit = (one, least) => one.map((part) => part / Math.sqrt(size(one) ** 2 + least ** 2));
    const [t1, t2] = angle.map((one) => unit(one, least_rad)), [, f2] = push.map((one) => unit(one, least_mps2)), [z1, z2] = lift.map((one) => unit(one, least_mps2));
    const first = times(t1, t1), against = (a, b) => times(a, conj(b));
    const front = against(first, f2)[0], follow = against(f2, t2)[1];
    const flick = ((front + against(t1, z1)[0]) / 2) * against(first, t2)[1];
    const bounce = against(times(t2, t2), times(first, z2))[1];
    return {
      walk: against(first, z2)[1] + front * against(f2, z2)[1] + walk_follow * follow + walk_flick * flick,
      run: follow + 2 * flick + run_bounce * bounce,
    };
  }
}
