// The last seconds of level motion, below 8 Hz and 25 times a second: what looks at a second gets to see.

/** Channels: acceleration x y z, rotation x y z, each low-passed; the phone's heading; 1 where felt; upwards on its axes. */
const CHANNELS = 11, PASSED = 6;
/** Kept of what has passed: more than any look reaches back [s]. */
const KEPT_S = 16;

/** Takes even samples (coach-motion-level.js) and tells each whole second once all that belongs to it is there. */
export class Frames {
  /** @param {{rate_hz, slow_hz, window_s, halo_s, taps, ahead}} numbers  halo_s: how far looks reach beyond their second; ahead: samples that the last tap lies after a slow one */
  constructor(numbers, tell) {
    const { rate_hz, slow_hz, taps } = numbers;
    Object.assign(this, { numbers, tell, every: rate_hz / slow_hz, size: KEPT_S * slow_hz, piece: -1 });
    this.taps = Float64Array.from(taps);
    this.quick = new Float64Array(taps.length * CHANNELS);
    this.slow = new Float64Array(this.size * CHANNELS);
  }

  /** How long after its end a second is told [s]. */
  get delay_s() {
    const { rate_hz, halo_s, ahead } = this.numbers;
    return halo_s - 0.5 + ahead / rate_hz;
  }

  put(n, out, up, heading, known, fresh) {
    if (fresh) this.begin(n);
    const { quick, every, taps } = this, at = ringed(n, taps.length) * CHANNELS, middle = n - this.numbers.ahead;
    quick.set(out, at);
    quick[at + PASSED] = heading;
    quick[at + PASSED + 1] = known ? 1 : 0;
    quick.set(up, at + PASSED + 2);
    if (middle % every === 0) this.slowed(middle / every, n);
  }

  begin(n) {
    this.quick.fill(0);
    this.slow.fill(0);
    this.piece += 1;
    this.second = Math.ceil(n / this.numbers.rate_hz);
  }

  /** One slow sample: nothing is shifted in time; beyond the ends of a piece all is zero. */
  slowed(j, n) {
    const { quick, slow, taps } = this, length = taps.length, place = this.at(j) * CHANNELS;
    slow.fill(0, place, place + CHANNELS);
    for (let k = 0, at = ringed(n, length); k < length; k += 1, at = at ? at - 1 : length - 1) {
      const from = at * CHANNELS, tap = taps[k];
      for (let c = 0; c < PASSED; c += 1) slow[place + c] += tap * quick[from + c];
    }
    const middle = ringed(n - this.numbers.ahead, length) * CHANNELS;
    slow.set(quick.subarray(middle + PASSED, middle + CHANNELS), place + PASSED);
    const { slow_hz, halo_s } = this.numbers;
    if (j + 1 === this.first(this.second, 2 * halo_s) + 2 * halo_s * slow_hz) this.looked();
  }

  looked() {
    const { second, piece } = this;
    this.second += 1;
    this.cut = new Map();
    this.tell({ second, piece, window: (at, length_s) => this.window(at, length_s) });
  }

  /** The channels in the `length_s` seconds around the middle of a second: cut once, whoever asks. */
  window(second, length_s = this.numbers.window_s) {
    const key = 100 * second + length_s;
    if (!this.cut.has(key)) this.cut.set(key, this.cutOut(length_s * this.numbers.slow_hz, this.first(second, length_s)));
    return this.cut.get(key);
  }

  cutOut(length, first) {
    const found = Array.from({ length: CHANNELS }, () => new Float64Array(length)), { slow, size } = this;
    for (let i = 0, at = this.at(first); i < length; i += 1, at = at + 1 === size ? 0 : at + 1) {
      for (let c = 0; c < CHANNELS; c += 1) found[c][i] = slow[at * CHANNELS + c];
    }
    return found;
  }

  /** The slow sample with which a window begins: its middle is that of the second, to half a sample. */
  first(second, length_s) {
    const { slow_hz } = this.numbers;
    return second * slow_hz + Math.ceil((slow_hz - length_s * slow_hz) / 2);
  }

  at(j) { return ringed(j, this.size); }
}

/** A place in a ring; nothing reaches further back than its length before the first sample. */
const ringed = (n, size) => (n + size) % size;
