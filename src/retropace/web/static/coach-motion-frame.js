// The last seconds of level motion, below 8 Hz and 25 times a second: what looks at a second gets to see.

const CHANNELS = 6;
/** Kept of what has passed: more than any look reaches back [s]. */
const KEPT_S = 16;

/** Takes even samples (coach-motion-level.js) and tells each whole second once all that belongs to it is there. */
export class Frames {
  /** @param {{rate_hz, slow_hz, window_s, taps, reach_s}} numbers  reach_s: how far a look reaches beyond its second */
  constructor(numbers, tell) {
    const { rate_hz, slow_hz, taps } = numbers;
    Object.assign(this, { numbers, tell, every: rate_hz / slow_hz, size: KEPT_S * slow_hz, piece: -1 });
    this.taps = Float64Array.from(taps);
    this.quick = new Float64Array(taps.length * CHANNELS);
    this.slow = new Float64Array(this.size * CHANNELS);
  }

  /** How late a second is told, after its end [s]. */
  get delay_s() {
    const { rate_hz, reach_s } = this.numbers;
    return reach_s - 0.5 + (this.taps.length - 1) / 2 / rate_hz;
  }

  put({ n, out, fresh }) {
    if (fresh) this.begin(n);
    this.quick.set(out, (n % this.taps.length) * CHANNELS);
    const middle = n - (this.taps.length - 1) / 2;
    if (middle % this.every === 0) this.slowed(middle / this.every, n);
  }

  begin(n) {
    this.quick.fill(0);
    this.slow.fill(0);
    this.piece += 1;
    this.second = Math.ceil(n / this.numbers.rate_hz);
  }

  /** One slow sample: nothing is shifted in time; beyond the ends of a piece all is zero. */
  slowed(j, n) {
    const { quick, slow, taps } = this, place = this.at(j) * CHANNELS;
    for (let c = 0; c < CHANNELS; c += 1) slow[place + c] = 0;
    for (let k = 0; k < taps.length; k += 1) {
      const from = this.quickAt(n - k) * CHANNELS;
      for (let c = 0; c < CHANNELS; c += 1) slow[place + c] += taps[k] * quick[from + c];
    }
    const { slow_hz, reach_s } = this.numbers;
    if (j + 1 === this.first(this.second, 2 * reach_s) + 2 * reach_s * slow_hz) this.looked();
  }

  looked() {
    const { second, piece } = this;
    this.second += 1;
    this.tell({ second, piece, window: (length_s) => this.window(second, length_s) });
  }

  /** Six channels of `length_s` seconds around the middle of a second: acceleration x y z, rotation x y z. */
  window(second, length_s = this.numbers.window_s) {
    const length = length_s * this.numbers.slow_hz, first = this.first(second, length_s), { slow } = this;
    return Array.from({ length: CHANNELS }, (_, c) => Float64Array.from({ length }, (_, i) => slow[this.at(first + i) * CHANNELS + c]));
  }

  /** The slow sample with which a window begins: its middle is that of the second, to half a sample. */
  first(second, length_s) {
    const { slow_hz } = this.numbers;
    return second * slow_hz + Math.ceil((slow_hz - length_s * slow_hz) / 2);
  }

  at(j) { return ((j % this.size) + this.size) % this.size; }
  quickAt(n) { return ((n % this.taps.length) + this.taps.length) % this.taps.length; }
}
