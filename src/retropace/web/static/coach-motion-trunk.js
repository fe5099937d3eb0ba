// Which way a trunk travels, on the axes of the phone it carries: motion/waist.py, second by second.
import { clip, clock, dot, hann, mean, rows, size, wave } from "./coach-motion-sums.js";

export class Trunk {
  constructor(numbers, { slow_hz, window_s, gravity_mps2 }) {
    Object.assign(this, { numbers, gravity_mps2, fitted: new Map() });
    const { slowest_hz, fastest_hz, search_step_hz: step } = numbers, length = window_s * slow_hz;
    this.time = clock(length, slow_hz);
    this.weight = hann(length);
    this.begins_hz = slowest_hz - step;
    this.hz = Array.from({ length: Math.round((fastest_hz - slowest_hz) / step) + 3 }, (_, k) => this.begins_hz + k * step);
    this.bank = [Math.cos, Math.sin].map((shape) => this.hz.map((hz) => wave(this.time, hz, shape).map((v, i) => v * this.weight[i])));
  }

  /** {travel, kappa, hz, run}: travel [rad] anticlockwise from the axis whose heading the phone has; NaN where nothing is sure. */
  see({ second, window }) {
    const { felt, known } = turned(window(second)), { numbers } = this;
    const hz = this.frequency(felt[2]), swing = felt.map((axis) => this.amplitude(axis, hz)), [x, y, z] = swing;
    const pushed = [x, y].map((one) => one[1] * z[0] - one[0] * z[1]), run = this.running(felt[2], hz), way = run > 0 ? 1 : -1;
    const stepping = size(z) > numbers.swing_mps2_low && known > numbers.felt_low;
    const kappa = this.sureness(felt[2], swing, pushed, run) * ramp(numbers, "felt", known), sure = stepping && kappa > numbers.least_kappa;
    return {
      travel: sure ? Math.atan2(way * pushed[1], way * pushed[0]) : NaN,
      kappa: sure ? kappa : NaN,
      hz: stepping ? hz : NaN,
      run: stepping ? run : NaN,
    };
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

  sureness(vertical, [x, y, z], pushed, run) {
    const { numbers, weight } = this, push = Math.hypot(...x, ...y), lift = size(z), whole = weight.reduce((sum, one) => sum + one, 0);
    const spread = dot(vertical.map((v) => v * v), weight) / whole - (dot(vertical, weight) / whole) ** 2;
    const told = (name, value) => ramp(numbers, name, value);
    const grounds = told("in_step", size(pushed) / Math.max(push * lift, 1e-9)) * told("regular", (0.5 * lift ** 2) / Math.max(spread, 1e-9));
    return (run > 0 ? numbers.best_kappa_running : numbers.best_kappa_walking) * grounds * told("swing_mps2", lift) * told("push_mps2", push) * told("sure_nats", Math.abs(run));
  }
}

/** 0 at the low end of a range and below it, 1 at its high end and above. */
const ramp = (numbers, name, value) => clip((value - numbers[`${name}_low`]) / (numbers[`${name}_high`] - numbers[`${name}_low`]), 0, 1);

/** Acceleration on level axes that turn with the phone, z up; and the share that was felt. */
function turned([x, y, z, , , , heading, known]) {
  const ahead = heading.map(Math.cos), aside = heading.map(Math.sin);
  return { felt: [x.map((v, i) => v * ahead[i] + y[i] * aside[i]), y.map((v, i) => v * ahead[i] - x[i] * aside[i]), z], known: mean(known) };
}
