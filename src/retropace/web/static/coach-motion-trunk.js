// Which way a trunk travels, on the axes of the phone it carries: motion/waist.py, second by second.
import { clip, clock, conj, dot, hann, mean, rows, size, times, wave } from "./coach-motion-sums.js";

export class Trunk {
  constructor(numbers, { slow_hz, window_s, gravity_mps2 }) {
    Object.assign(this, { numbers, gravity_mps2, fitted: new Map(), own: new Map() });
    const { slowest_hz, fastest_hz, search_step_hz: step } = numbers, length = window_s * slow_hz;
    this.time = clock(length, slow_hz);
    this.weight = hann(length);
    this.begins_hz = slowest_hz - step;
    this.hz = Array.from({ length: Math.round((fastest_hz - slowest_hz) / step) + 3 }, (_, k) => this.begins_hz + k * step);
    this.bank = [Math.cos, Math.sin].map((shape) => this.hz.map((hz) => wave(this.time, hz, shape).map((v, i) => v * this.weight[i])));
  }

  /** {travel, kappa, hz, run}: travel [rad] anticlockwise from the axis whose heading the phone has; NaN where nothing is sure. */
  see({ second, piece, window }) {
    const { around_s: around, least_kappa } = this.numbers, length = 2 * around + 1;
    if (piece !== this.piece) this.own.clear();
    this.piece = piece;
    this.own.delete(second - around - 1);
    const near = Array.from({ length }, (_, k) => this.alone(second - around + k, window)), { towards, stepping, hz, run } = near[around];
    const joined = [0, 1].map((part) => near.reduce((sum, one) => sum + one.kappa * one.towards[part], 0) / length);
    const kappa = Math.max(dot(joined, towards), 0) * ramp(this.numbers, "steady", steadiness(near)), sure = stepping && kappa > least_kappa;
    return {
      travel: sure ? Math.atan2(joined[1], joined[0]) : NaN,
      kappa: sure ? kappa : NaN,
      hz: stepping ? hz : NaN,
      run: stepping ? run : NaN,
    };
  }

  /** What a second says by itself, worked out once: {towards (of length 1), kappa (0 where silent), phase, stepping, hz, run}. */
  alone(second, window) {
    if (!this.own.has(second)) this.own.set(second, this.bounce(turned(window(second))));
    return this.own.get(second);
  }

  bounce({ felt, known }) {
    const { numbers } = this, found = this.stepped(felt), [x, y, z] = found.swing;
    const run = this.running(felt[2], found.hz), stepping = size(z) > numbers.swing_mps2_low && known > numbers.felt_low;
    const phase = [x, y].map((one) => times(one, [z[1], z[0]])), pushed = phase.map(([part]) => part);
    const length = Math.max(size(pushed), 1e-12) * (run > 0 ? 1 : -1), whole = Math.max(Math.hypot(...phase.flat()), 1e-12);
    const kappa = stepping ? this.sureness(found, pushed, run) * ramp(numbers, "felt", known) : 0;
    return {
      towards: pushed.map((one) => one / length || 0), // no axes, no direction
      kappa: kappa || 0,
      phase: phase.flat().map((one) => (stepping && one / whole) || 0),
      stepping,
      hz: found.hz,
      run,
    };
  }

  /** Steps a second, the amplitudes of all axes there, and the variance of the vertical one: {hz, swing, spread}. */
  stepped(felt) {
    const { swing_mps2_low, slowest_walk_hz, bounce_mps2 } = this.numbers, hz = this.frequency(felt[2]), swing = this.swing(felt, hz), lift = size(swing[2]);
    const spread = this.spread(felt[2]);
    if (hz < 2 * slowest_walk_hz || !(lift > swing_mps2_low && lift < bounce_mps2)) return { hz, swing, spread };
    const half = this.swing(felt, hz / 2);
    return this.overtone(swing, half) ? { hz: hz / 2, swing: half, spread: spread - 0.5 * lift ** 2 } : { hz, swing, spread };
  }

  /** Whether the trunk goes further half as often on the same axis: then what was taken for steps is their overtone. */
  overtone([x, y, z], [half_x, half_y, half_z]) {
    const [more, aslant, level] = axes(x, y), [half_more, half_aslant, half_level] = axes(half_x, half_y);
    const on_axis = 0.5 * (half_level + (more * half_more + aslant * half_aslant) / Math.max(Math.hypot(more, aslant), 1e-9));
    return 4 * on_axis > level + size(z) ** 2 && size(half_z) > this.numbers.swing_mps2_low;
  }

  swing(felt, hz) { return felt.map((axis) => this.amplitude(axis, hz)); }

  spread(vertical) {
    const { weight } = this, whole = weight.reduce((sum, one) => sum + one, 0);
    return dot(vertical.map((v) => v * v), weight) / whole - (dot(vertical, weight) / whole) ** 2;
  }

  frequency(vertical) {
    const middle = mean(vertical), centred = vertical.map((v) => v - middle), [cos, sin] = this.bank;
    const power = this.hz.map((_, k) => dot(centred, cos[k]) ** 2 + dot(centred, sin[k]) ** 2), last = power.length - 2;
    let high = 1;
    for (let k = 2; k <= last; k += 1) if (power[k] / this.hz[k] ** 2 > power[high] / this.hz[high] ** 2) high = k;
    const { leaning } = this.numbers;
    let top = Math.max(high - leaning, 1);
    for (let k = top + 1; k <= Math.min(high + leaning, last); k += 1) if (power[k] > power[top]) top = k;
    const [below, at, above] = [-1, 0, 1].map((side) => Math.log(power[top + side] + 1e-12));
    const bend = Math.min(below - 2 * at + above, -1e-9);
    return this.hz[top] + this.numbers.search_step_hz * clip((0.5 * (below - above)) / bend, -0.5, 0.5);
  }

  amplitude(values, hz) {
    const { fit_step_hz, harmonics, slowest_wave_hz } = this.numbers, number = Math.max(0, Math.round((hz - this.begins_hz) / fit_step_hz));
    let fit = this.fitted.get(number);
    if (!fit) {
      const own = this.begins_hz + number * fit_step_hz, waves = [own, ...harmonics.filter((k) => k !== 1 && k * own > slowest_wave_hz).map((k) => k * own)];
      const shapes = waves.flatMap((one) => [wave(this.time, one, Math.cos), wave(this.time, one, Math.sin)]);
      fit = rows([...shapes, this.time.map(() => 1), this.time], this.weight, 2);
      this.fitted.set(number, fit);
    }
    return [dot(values, fit[0]), -dot(values, fit[1])];
  }

  running(vertical, hz) {
    const { numbers } = this, lightest = this.gravity_mps2 + vertical.toSorted()[2], { surest_nats: surest } = numbers;
    const force = (numbers.force_between_mps2 - lightest) / numbers.force_per_nat_mps2, steps = (hz - numbers.step_between_hz) / numbers.step_per_nat_hz;
    return clip(clip(force, -surest, surest) + clip(steps, numbers.step_nats_low, numbers.step_nats_high), -surest, surest);
  }

  sureness({ hz, swing: [x, y, z, tilt, roll], spread }, pushed, run) {
    const { numbers } = this, push = Math.hypot(...x, ...y), lift = size(z);
    const told = (name, value) => ramp(numbers, name, value), turning = 2 * Math.PI * hz * Math.hypot(...tilt, ...roll) * numbers.off_middle_m;
    const grounds = told("in_step", size(pushed) / Math.max(push * lift, 1e-9)) * told("regular", (0.5 * lift ** 2) / Math.max(spread, 1e-9));
    const known = told("outdoes_turning", lift / Math.max(turning, 1e-9)) * told("from_bounce", Math.abs(Math.log(Math.max(lift, 1e-9) / numbers.bounce_mps2)));
    const best = run > 0 ? numbers.best_kappa_running : numbers.best_kappa_walking;
    return best * grounds * known * told("swing_mps2", lift) * told("push_mps2", push) * told("sure_nats", Math.abs(run));
  }
}

/** 0 at the low end of a range and below it, 1 at its high end and above. */
const ramp = (numbers, name, value) => clip((value - numbers[`${name}_low`]) / (numbers[`${name}_high`] - numbers[`${name}_low`]), 0, 1);

/** How alike the push lies to the rise in some seconds: 1 in an even gait. */
function steadiness(near) {
  const mean = near[0].phase.map((_, k) => near.reduce((sum, { phase }) => sum + phase[k], 0));
  return Math.hypot(...mean) / Math.max(near.filter(({ stepping }) => stepping).length, 1);
}

/** How much more of two amplitudes lies along x than y, along their diagonal than the other, and along both. */
function axes(x, y) {
  const across = size(x) ** 2, up = size(y) ** 2;
  return [across - up, 2 * times(x, conj(y))[0], across + up];
}

/** Acceleration on level axes that turn with the phone, z up, and level rotation; and the share that was felt. */
function turned([x, y, z, tilt, roll, , heading, known]) {
  const ahead = heading.map(Math.cos), aside = heading.map(Math.sin);
  const level = [x.map((v, i) => v * ahead[i] + y[i] * aside[i]), y.map((v, i) => v * ahead[i] - x[i] * aside[i])];
  return { felt: [...level, z, tilt, roll], known: mean(known) };
}
