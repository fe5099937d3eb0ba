// What a phone feels, brought to an even clock and onto level axes: z up, the other two level, wherever it is carried.
// The same equations as the offline filter that reads the recording later: Laidig and Seel 2023 (VQF, six axes).

const RADIANS = Math.PI / 180;
/** A step longer than this many usual ones is bridged, not felt. */
const LONG = 1.75;

/** Second-order Butterworth low-pass of three values; it begins with the mean of the first `tau_s`, as VQF does. */
class Calm {
  constructor(tau_s, rate_hz) {
    const c = Math.tan(Math.SQRT1_2 / (tau_s * rate_hz)), d = c * c + Math.SQRT2 * c + 1;
    this.b = (c * c) / d;
    this.a1 = (2 * (c * c - 1)) / d;
    this.a2 = (1 - Math.SQRT2 * c + c * c) / d;
    this.wait = tau_s * rate_hz;
    this.n = 0;
    this.kept = new Float64Array(6);
  }

  /** The low-passed values, written over `x`. */
  pass(x) {
    const { kept, b, a1, a2 } = this, young = this.n < this.wait;
    this.n += 1;
    for (let i = 0; i < 3; i += 1) {
      if (young) {
        kept[i] += x[i];
        x[i] = kept[i] / this.n;
        if (this.n < this.wait) continue;
        kept[i] = x[i] * (1 - b);
        kept[i + 3] = x[i] * (b - a2);
        continue;
      }
      const y = b * x[i] + kept[i];
      kept[i] = 2 * b * x[i] - a1 * y + kept[i + 3];
      kept[i + 3] = b * x[i] - a2 * y;
      x[i] = y;
    }
  }
}

/** Quaternion `p` times (e, f, g, h), of unit length, written to `into`. */
function product(p, e, f, g, h, into) {
  const [a, b, c, d] = p, w = a * e - b * f - c * g - d * h, x = a * f + b * e + c * h - d * g, y = a * g - b * h + c * e + d * f, z = a * h + b * g - c * f + d * e;
  const size = Math.sqrt(w * w + x * x + y * y + z * z);
  into[0] = w / size; into[1] = x / size; into[2] = y / size; into[3] = z / size;
}

/** The rotation matrix of a quaternion, row by row. */
function matrix([w, x, y, z], m) {
  m[0] = 1 - 2 * (y * y + z * z); m[1] = 2 * (x * y - w * z); m[2] = 2 * (x * z + w * y);
  m[3] = 2 * (x * y + w * z); m[4] = 1 - 2 * (x * x + z * z); m[5] = 2 * (y * z - w * x);
  m[6] = 2 * (x * z - w * y); m[7] = 2 * (y * z + w * x); m[8] = 1 - 2 * (x * x + y * y);
}

function turned(m, v, from, out, to) {
  for (let i = 0; i < 3; i += 1) out[to + i] = m[3 * i] * v[from] + m[3 * i + 1] * v[from + 1] + m[3 * i + 2] * v[from + 2];
}

/** One unbroken piece of samples on an even clock: force [m/s2] and rate [rad/s] become level acceleration and rotation. */
class Level {
  constructor({ rate_hz, calm_s, gravity_mps2 }) {
    this.dt = 1 / rate_hz;
    this.gravity = gravity_mps2;
    this.calm = new Calm(calm_s, rate_hz);
    this.spun = Float64Array.of(1, 0, 0, 0);
    this.tilted = Float64Array.of(1, 0, 0, 0);
    this.whole = new Float64Array(4);
    this.felt = new Float64Array(3);
    this.turn = new Float64Array(9);
  }

  /** Fills `out` (6) from `felt` (6, on the phone's axes); the last row of `turn` is upwards on the phone's axes then. */
  push(felt, out) {
    const { spun, turn, whole } = this;
    this.spin(felt);
    matrix(spun, turn);
    turned(turn, felt, 0, this.felt, 0);
    this.calm.pass(this.felt);
    matrix(this.tilted, turn);
    turned(turn, this.felt, 0, out, 0);
    this.tilt(out);
    product(this.tilted, spun[0], spun[1], spun[2], spun[3], whole);
    matrix(whole, turn);
    turned(turn, felt, 0, out, 0);
    turned(turn, felt, 3, out, 3);
    out[2] -= this.gravity;
  }

  spin(felt) {
    const x = felt[3], y = felt[4], z = felt[5], speed = Math.sqrt(x * x + y * y + z * z), half = (speed * this.dt) / 2;
    if (speed < 1e-12) return;
    const s = Math.sin(half) / speed;
    product(this.spun, Math.cos(half), s * x, s * y, s * z, this.spun);
  }

  /** What is upwards on average becomes so. */
  tilt([x, y, z]) {
    const size = Math.sqrt(x * x + y * y + z * z), w = Math.sqrt((z / size + 1) / 2), [e, f, g, h] = this.tilted;
    if (w > 1e-6) product([w, y / size / (2 * w), -x / size / (2 * w), 0], e, f, g, h, this.tilted);
    else product([0, 1, 0, 0], e, f, g, h, this.tilted);
  }

  /** Where an axis of the phone points on the level axes [rad]. */
  heading([a, b, c]) {
    const m = this.turn;
    return Math.atan2(m[3] * a + m[4] * b + m[5] * c, m[0] * a + m[1] * b + m[2] * c);
  }
}

const six = () => new Float64Array(6);
const knot = () => ({ at_s: 0, felt: six(), pull: six(), weight: 0, rise: six(), slope: six(), step: 0, known: true });

/** Takes samples at odd moments and tells even ones, whose moments are whole hundredths, on a smooth curve through them. */
export class Even {
  /** @param {{rate_hz, bridge_s, calm_s, gravity_mps2}} numbers  @param tell (n, out, up, heading, known, fresh) for each */
  constructor(numbers, tell) {
    Object.assign(this, { numbers, tell, knots: [knot(), knot(), knot()], count: 0, felt: six(), out: six(), next: six() });
  }

  /** One sample of a phone at `at_s` [m/s2, deg/s]; what holds nothing is a silence. It is told once the next one is there. */
  put(at_s, { gx, gy, gz, ra, rb, rg }) {
    const [from, to, now] = this.knots, step = this.count ? at_s - to.at_s : Infinity;
    if (Number.isNaN(gx + gy + gz + ra + rb + rg) || step <= 0) return;
    const { felt } = now;
    felt[0] = gx; felt[1] = gy; felt[2] = gz;
    felt[3] = ra * RADIANS; felt[4] = rb * RADIANS; felt[5] = rg * RADIANS;
    now.at_s = at_s;
    if (step > this.numbers.bridge_s) this.begin(now);
    else this.join(from, to, now, step);
    this.knots = [to, now, from];
    this.count += 1;
  }

  begin(now) {
    now.pull.fill(0);
    now.weight = 0;
    this.count = 0;
    this.usual = this.numbers.bridge_s / 2;
    this.level = new Level(this.numbers);
    this.n = Math.ceil(now.at_s * this.numbers.rate_hz - 1e-4);
    this.fresh = true;
  }

  /** Cubic between neighbours, with slopes from the samples either side; straight where it bridges. */
  join(from, to, now, step) {
    const known = step <= LONG * this.usual;
    if (known) this.usual += (step - this.usual) / 16;
    const weight = known ? 1 / Math.max(step, this.usual / 2) : 0, both = to.weight + weight || 1;
    Object.assign(now, { step, known, weight });
    for (let i = 0; i < 6; i += 1) {
      now.rise[i] = now.felt[i] - to.felt[i];
      now.pull[i] = now.rise[i] * weight * weight;
      this.next[i] = (to.pull[i] + now.pull[i]) / both;
    }
    if (this.count > 1) this.curve(from, to);
    now.slope.set(this.next);
  }

  /** The even samples up to `to`. */
  curve(from, { at_s, step, rise, slope, known }) {
    const { felt, next } = this, rate = this.numbers.rate_hz;
    for (; this.n / rate < at_s - 1e-6; this.n += 1) {
      const s = Math.max(0, (this.n / rate - from.at_s) / step);
      for (let i = 0; i < 6; i += 1) {
        const begin = known ? slope[i] * step : rise[i], end = known ? next[i] * step : rise[i];
        felt[i] = from.felt[i] + s * (begin + s * (3 * rise[i] - 2 * begin - end + s * (begin + end - 2 * rise[i])));
      }
      this.told(known);
    }
  }

  told(known) {
    const { level, out, fresh } = this;
    level.push(this.felt, out);
    const up = level.turn.subarray(6);
    if (fresh) this.axis = aside(up);
    const heading = level.heading(this.axis), turn = 2 * Math.PI;
    this.heading = fresh ? heading : heading + turn * Math.round((this.heading - heading) / turn);
    this.tell(this.n, out, up, this.heading, known, fresh);
    this.fresh = false;
  }
}

/** An axis of the phone that lies level. */
function aside([x, y, z]) {
  const sizes = [Math.abs(x), Math.abs(y), Math.abs(z)], axis = sizes.indexOf(Math.min(...sizes));
  const across = [[0, z, -y], [-z, 0, x], [y, -x, 0]][axis], size = Math.hypot(...across);
  return across.map((part) => part / size);
}
