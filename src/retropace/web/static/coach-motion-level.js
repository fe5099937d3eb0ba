// What a phone feels, brought to an even clock and onto level axes: z up, the other two level, wherever it is carried.
// The same equations as the offline filter that reads the recording later: Laidig and Seel 2023 (VQF, six axes).

const RADIANS = Math.PI / 180;

/** Second-order Butterworth low-pass of three values; it begins with the mean of the first `tau_s`, as VQF does. */
class Calm {
  constructor(tau_s, rate_hz) {
    const c = Math.tan(Math.SQRT1_2 / (tau_s * rate_hz)), d = c * c + Math.SQRT2 * c + 1;
    this.b = [(c * c) / d, (2 * c * c) / d, (c * c) / d];
    this.a = [(2 * (c * c - 1)) / d, (1 - Math.SQRT2 * c + c * c) / d];
    this.wait = tau_s * rate_hz;
    this.n = 0;
    this.sum = [0, 0, 0];
    this.kept = [[0, 0], [0, 0], [0, 0]];
  }

  /** The low-passed values, written over `x`. */
  pass(x) {
    if (this.n < this.wait) {
      this.n += 1;
      for (let i = 0; i < 3; i += 1) {
        this.sum[i] += x[i];
        x[i] = this.sum[i] / this.n;
      }
      if (this.n >= this.wait) this.kept = x.map((mean) => [mean * (1 - this.b[0]), mean * (this.b[2] - this.a[1])]);
      return;
    }
    for (let i = 0; i < 3; i += 1) {
      const kept = this.kept[i], y = this.b[0] * x[i] + kept[0];
      kept[0] = this.b[1] * x[i] - this.a[0] * y + kept[1];
      kept[1] = this.b[2] * x[i] - this.a[1] * y;
      x[i] = y;
    }
  }
}

const times = ([a, b, c, d], [e, f, g, h]) => [
  a * e - b * f - c * g - d * h, a * f + b * e + c * h - d * g, a * g - b * h + c * e + d * f, a * h + b * g - c * f + d * e,
];

function unit(q) {
  const size = Math.hypot(...q);
  for (let i = 0; i < q.length; i += 1) q[i] /= size;
  return q;
}

/** `v` turned by the quaternion, written over it. */
function turn([w, x, y, z], v) {
  const [a, b, c] = v, p = 2 * (y * c - z * b), q = 2 * (z * a - x * c), r = 2 * (x * b - y * a);
  v[0] = a + w * p + y * r - z * q;
  v[1] = b + w * q + z * p - x * r;
  v[2] = c + w * r + x * q - y * p;
  return v;
}

/** One unbroken piece of samples on an even clock. `push` gives level acceleration [m/s2] and rotation [rad/s]. */
class Level {
  constructor({ rate_hz, calm_s, gravity_mps2 }) {
    this.dt = 1 / rate_hz;
    this.gravity = gravity_mps2;
    this.calm = new Calm(calm_s, rate_hz);
    this.spun = [1, 0, 0, 0];
    this.tilted = [1, 0, 0, 0];
  }

  /** Fills `out` (6): what `force` and `rate`, on the phone's axes, are on level ones; `up` and `pointing` are kept beside. */
  push(force, rate, out) {
    this.spin(rate);
    const felt = turn(this.spun, [...force]);
    this.calm.pass(felt);
    this.tilt(unit(turn(this.tilted, felt)));
    const whole = times(this.tilted, this.spun), a = turn(whole, [...force]), w = turn(whole, [...rate]);
    out.set([a[0], a[1], a[2] - this.gravity, w[0], w[1], w[2]]);
    this.whole = whole;
  }

  spin(rate) {
    const speed = Math.hypot(...rate), half = (speed * this.dt) / 2;
    if (speed < 1e-12) return;
    const s = Math.sin(half) / speed;
    this.spun = unit(times(this.spun, [Math.cos(half), s * rate[0], s * rate[1], s * rate[2]]));
  }

  tilt([x, y, z]) {
    const w = Math.sqrt((z + 1) / 2), by = w > 1e-6 ? [w, y / (2 * w), -x / (2 * w), 0] : [0, 1, 0, 0];
    this.tilted = unit(times(by, this.tilted));
  }

  /** A direction of the phone's own on the level axes. */
  on(axis) { return turn(this.whole, [...axis]); }
  /** Upwards, on the phone's axes. */
  get up() {
    const [w, x, y, z] = this.whole;
    return turn([w, -x, -y, -z], [0, 0, 1]);
  }
}

/** A step longer than this many usual ones is bridged, not felt. */
const LONG = 1.75;

/** Takes samples at odd moments and tells even ones, whose moments are whole hundredths, on a smooth curve through them. */
export class Even {
  /** @param {{rate_hz, bridge_s, calm_s, gravity_mps2}} numbers  @param tell ({n, out, up, heading, known, fresh}) for each */
  constructor(numbers, tell) {
    Object.assign(this, { numbers, tell, last: null, out: new Float64Array(6), felt: new Float64Array(6) });
  }

  /** One sample of a phone at `at_s` [m/s2, deg/s]; what holds nothing is a silence. It is told once the next one is there. */
  put(at_s, { gx, gy, gz, ra, rb, rg }) {
    const felt = [gx, gy, gz, ra * RADIANS, rb * RADIANS, rg * RADIANS], { last } = this, step = last ? at_s - last.at_s : Infinity;
    if (felt.some(Number.isNaN) || step <= 0) return;
    if (step > this.numbers.bridge_s) { this.begin(at_s, felt); return; }
    this.usual = step > LONG * this.usual ? this.usual : this.usual + (step - this.usual) / 16;
    const known = step <= LONG * this.usual, weight = known ? 1 / Math.max(step, this.usual / 2) : 0;
    const rise = felt.map((value, i) => value - last.felt[i]);
    const slope = (to) => rise.map((one, i) => (to.pull[i] + one * weight * weight) / (to.weight + weight || 1));
    if (this.piece) this.curve(this.piece, slope(last));
    this.piece = { from: last, to: { at_s, felt }, step, rise, known, slope: slope(last) };
    this.last = { at_s, felt, pull: rise.map((one) => one * weight * weight), weight };
  }

  begin(at_s, felt) {
    this.last = { at_s, felt, pull: [0, 0, 0, 0, 0, 0], weight: 0 };
    this.piece = null;
    this.usual = this.numbers.bridge_s / 2;
    this.level = new Level(this.numbers);
    this.n = Math.ceil(at_s * this.numbers.rate_hz - 1e-4);
    this.fresh = true;
  }

  /** The even samples on one step, whose end has the given slopes; straight where it bridges. */
  curve({ from, to, step, rise, known, slope }, next) {
    const { felt } = this, rate = this.numbers.rate_hz;
    for (; this.n / rate < to.at_s - 1e-6; this.n += 1) {
      const s = Math.max(0, (this.n / rate - from.at_s) / step);
      for (let i = 0; i < 6; i += 1) {
        const begin = known ? slope[i] * step : rise[i], end = known ? next[i] * step : rise[i];
        felt[i] = from.felt[i] + s * (begin + s * (3 * rise[i] - 2 * begin - end + s * (begin + end - 2 * rise[i])));
      }
      this.told(felt, known);
    }
  }

  told(felt, known) {
    const { level, out, fresh } = this;
    level.push(felt.subarray(0, 3), felt.subarray(3), out);
    if (fresh) this.axis = aside(level.up);
    const [x, y] = level.on(this.axis), heading = Math.atan2(y, x), turn = 2 * Math.PI;
    this.heading = fresh ? heading : heading + turn * Math.round((this.heading - heading) / turn);
    this.tell({ n: this.n, out, up: level.up, heading: this.heading, known, fresh });
    this.fresh = false;
  }
}

/** An axis of the phone that lies level. */
function aside([x, y, z]) {
  const least = [Math.abs(x), Math.abs(y), Math.abs(z)], axis = least.indexOf(Math.min(...least));
  return unit([[0, z, -y], [-z, 0, x], [y, -x, 0]][axis]);
}
