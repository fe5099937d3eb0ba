// How often the feet step and how hard everything moves, the same forward and backward: motion/steps.py and strides.py, second by second.
import { clip, clock, dot, mean, spread, wave } from "./coach-motion-sums.js";

/** Looks at one second after the other: `see` gives {hz, alike, vertical, level, turn, still, run}; hz is NaN where nobody steps. */
export class Steps {
  constructor(numbers, { slow_hz }) {
    Object.assign(this, { numbers, slow_hz, seen: new Map() });
    const { sought_s, fastest_tone_hz, slowest_tone_hz, candidates, slowest_hz, fastest_hz } = numbers;
    const half = slow_hz / 2, time = clock(Math.floor(sought_s * half), half), spacing = 1 / (2 * sought_s);
    const taper = time.map((t) => Math.cos((Math.PI * t) / sought_s) ** 2);
    this.tone_hz = Array.from({ length: Math.ceil(fastest_tone_hz / spacing) }, (_, k) => k * spacing);
    this.waves = [Math.cos, Math.sin].map((shape) => this.tone_hz.map((hz) => wave(time, hz, shape).map((v, i) => v * taper[i])));
    this.first = Math.round(slowest_tone_hz / spacing);
    this.ratio = (fastest_hz / slowest_hz) ** (1 / (candidates - 1));
    this.step_hz = Array.from({ length: candidates }, (_, k) => slowest_hz * this.ratio ** k);
    this.strides = this.step_hz.map((hz) => Float64Array.from(this.tone_hz, (tone) => Math.cos((4 * Math.PI * tone) / hz)));
    this.taper = this.repeated(this.power([new Float64Array(time.length).fill(1)]));
  }

  see({ second, piece, window }) {
    if (piece !== this.piece) this.seen.clear();
    this.piece = piece;
    const near = window(second), { turn_weight_mps: heavy, alike: least, weakest_mps2 } = this.numbers;
    const about = near.slice(0, 6).map(spread), vertical = Math.sqrt(about[2]), level = Math.sqrt(about[0] + about[1]);
    const turn = Math.sqrt(about[3] + about[4] + about[5]), hard = Math.hypot(vertical, level, heavy * turn);
    const stride = this.stride(second, window, hard, vertical), enough = stride.alike * Math.sqrt(stride.compared) >= least;
    const hz = enough && hard >= weakest_mps2 ? stride.hz : NaN;
    const { still, quiet } = this.calm(near);
    return { hz, alike: stride.alike, vertical, level, turn, still, run: this.run(hz, vertical, quiet) };
  }

  run(hz, vertical, quiet) {
    const { bounce_hz, bounce_spread_hz, bounce_mps2, quiet_share, quiet_spread, quiet_nats } = this.numbers;
    const rests = clip((quiet - quiet_share) / quiet_spread, 0, quiet_nats), quick = (hz - bounce_hz) / bounce_spread_hz;
    return clip(quick + 4 * Math.log(Math.max(vertical, 0.1) / bounce_mps2) - rests, -6, 6);
  }

  /** Share of a window that is still, and share in which it lies quiet between movements: in the half with less of it. */
  calm(near) {
    const { still_mps2, still_radps, offset_mps2, offset_radps, quiet_power, turn_weight_mps } = this.numbers;
    const force = aboutMean(near.slice(0, 3), offset_mps2), turn = aboutMean(near.slice(3, 6), offset_radps), half = force.length / 2;
    const power = force.map((one, i) => one + turn_weight_mps ** 2 * turn[i]), least = quiet_power * mean(power);
    const quiet = mean(power.subarray(0, half).map((one) => one < least)), later = mean(power.subarray(half).map((one) => one < least));
    const still = mean(force.map((one, i) => one < still_mps2 ** 2 && turn[i] < still_radps ** 2));
    return { still, quiet: Math.min(quiet, later) };
  }

  stride(second, window, hard, vertical) {
    const each = [second - 1, second, second + 1].map((one) => this.each(one, window)), { numbers, step_hz } = this;
    const alike = step_hz.map((_, k) => each.reduce((sum, one, i) => sum + numbers.together[i] * one[k], 0));
    const score = step_hz.map((hz, k) => alike[k] * this.taper[k] ** numbers.quicker - this.unlikely(hz, hard, vertical));
    const [place, top] = this.top(alike, score.indexOf(Math.max(...score))), hz = step_hz[0] * this.ratio ** place;
    const below = Math.min(Math.floor(place), step_hz.length - 2), share = (hz - step_hz[below]) / (step_hz[below + 1] - step_hz[below]);
    return { hz, alike: alike[top], compared: this.taper[below] + share * (this.taper[below + 1] - this.taper[below]) };
  }

  /** How alike the motion is after each stride, in the window about one second; kept for the seconds beside it. */
  each(second, window) {
    if (this.seen.has(second)) return this.seen.get(second);
    const { sought_s, turn_weight_mps, least_overlap } = this.numbers, wide = window(second, sought_s), felt = wide[7];
    const axes = wide.slice(0, 6).map((axis, c) => halved(axis, c < 3 ? 1 : turn_weight_mps, felt));
    const power = this.power(axes).fill(0, 0, this.first), known = this.repeated(this.power([halved(felt, 1, felt)]));
    const each = this.repeated(power).map((share, k) => share / Math.max(known[k], least_overlap));
    this.seen.set(second, each);
    this.seen.delete(second - 3);
    return each;
  }

  power(axes) {
    const [cos, sin] = this.waves, power = new Float64Array(this.tone_hz.length);
    for (const axis of axes) for (let k = 0; k < power.length; k += 1) power[k] += dot(axis, cos[k]) ** 2 + dot(axis, sin[k]) ** 2;
    power[0] *= 0.5;
    return power;
  }

  repeated(power) {
    const whole = power.reduce((sum, one) => sum + one, 1e-9);
    return this.strides.map((stride) => dot(power, stride) / whole);
  }

  unlikely(hz, hard, vertical) {
    const { unusual, usual_hz, gentle_share, gentle, trunk_mps2_per_hz2: trunk, fierce, fierce_mps2_per_hz2: most } = this.numbers, slow = 2 * Math.log(hz);
    const missing = slow + Math.log(gentle_share * trunk) - Math.log(Math.max(hard, 1e-6)), beyond = Math.log(Math.max(vertical, 1e-6) / most) - slow;
    return gentle * Math.max(missing, 0) + fierce * Math.max(beyond, 0) + unusual * Math.log2(hz / usual_hz) ** 2;
  }

  /** Where between the candidates the likeness is greatest near the best one, and the candidate there. */
  top(alike, best) {
    const { near } = this.numbers, last = alike.length - 1;
    let top = Math.max(best - near, 0);
    for (let k = top + 1; k <= Math.min(best + near, last); k += 1) if (alike[k] > alike[top]) top = k;
    if (top === 0 || top === last) return [top, top];
    const [left, middle, right] = [alike[top - 1], alike[top], alike[top + 1]], bend = 2 * middle - left - right;
    return [top + (bend > 0 ? clip((0.5 * (right - left)) / bend, -0.5, 0.5) : 0), top];
  }
}

/** Squared length of three axes less their mean, or less so much of it as `offset`. */
function aboutMean(axes, offset) {
  const means = axes.map(mean), part = offset / Math.max(Math.hypot(...means), offset);
  return Float64Array.from(axes[0], (_, i) => axes.reduce((sum, axis, c) => sum + (axis[i] - part * means[c]) ** 2, 0));
}

function halved(values, weight, felt) {
  const half = new Float64Array(values.length / 2);
  for (let i = 0; i < half.length; i += 1) half[i] = 0.5 * weight * (values[2 * i] * felt[2 * i] + values[2 * i + 1] * felt[2 * i + 1]);
  return half;
}
