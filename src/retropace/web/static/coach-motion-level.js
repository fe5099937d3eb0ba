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

/** Takes samples at odd moments and tells even ones, whose moments are whole hundredths: see `put`. */
export class Even {
  /** @param {{rate_hz, longest_bridge_s, calm_s, gravity_mps2}} numbers  @param tell ({n, out, level, fresh}) for each even sample */
  constructor(numbers, tell) {
    Object.assign(this, { numbers, tell, last: null, out: new Float64Array(6) });
  }

  /** One sample of a phone at `at_s`; `turns` false where it has no gyroscope. Samples that hold nothing are a silence. */
  put(at_s, { gx, gy, gz, ra, rb, rg }) {
    const felt = [gx, gy, gz, ra * RADIANS, rb * RADIANS, rg * RADIANS], { last, numbers } = this;
    if (felt.some(Number.isNaN)) return;
    if (last && at_s <= last.at_s) return;
    if (!last || at_s - last.at_s > numbers.longest_bridge_s) this.begin(at_s, felt);
    else this.bridge(last, at_s, felt);
    this.last = { at_s, felt };
  }

  begin(at_s, felt) {
    this.level = new Level(this.numbers);
    this.n = Math.ceil(at_s * this.numbers.rate_hz - 1e-9);
    this.fresh = true;
    if (this.n / this.numbers.rate_hz <= at_s) this.told(felt);
  }

  bridge(last, at_s, felt) {
    const rate = this.numbers.rate_hz;
    while (this.n / rate <= at_s) {
      const share = (this.n / rate - last.at_s) / (at_s - last.at_s);
      this.told(felt.map((value, i) => last.felt[i] + share * (value - last.felt[i])));
    }
  }

  told(felt) {
    this.level.push(felt.slice(0, 3), felt.slice(3), this.out);
    this.tell({ n: this.n, out: this.out, level: this.level, fresh: this.fresh });
    this.fresh = false;
    this.n += 1;
  }
}
