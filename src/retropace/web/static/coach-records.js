// How a sample is written: fixed little-endian records for motion and orientation, a line of JSON for everything else.

/** What follows the time in each record: 32-bit floats, NaN where the phone told nothing. */
const FIELDS = {
  motion: ["ax", "ay", "az", "gx", "gy", "gz", "ra", "rb", "rg", "interval_ms"],
  orientation: ["alpha", "beta", "gamma", "compass", "compass_accuracy", "absolute"],
};
/** At 60 records a second this is filled in a minute; a chunk is cut four times a second. */
const MOST_RECORDS = 4096;
const TIME_BYTES = 8, FIELD_BYTES = 4;

/** Unix time [ms] on the clock that nobody can set while a page is open. */
export const nowMs = () => performance.timeOrigin + performance.now();

/** Records of one stream, written into memory that was taken once. */
export class Records {
  constructor(stream) {
    this.stream = stream;
    this.fields = FIELDS[stream];
    this.bytes_each = TIME_BYTES + this.fields.length * FIELD_BYTES;
    this.view = new DataView(new ArrayBuffer(this.bytes_each * MOST_RECORDS));
    this.n = 0;
  }

  get full() {
    return this.n === MOST_RECORDS;
  }

  add(at_ms, sample) {
    let place = this.n * this.bytes_each;
    this.view.setFloat64(place, at_ms, true);
    place += TIME_BYTES;
    for (const field of this.fields) {
      this.view.setFloat32(place, sample[field] ?? NaN, true); // true and false of `absolute` become 1 and 0
      place += FIELD_BYTES;
    }
    this.n += 1;
    this.until_ms = at_ms;
  }

  /** What has come since the last cut: {stream, n, until_ms, bytes}; null where nothing has. */
  cut() {
    if (!this.n) return null;
    const { stream, n, until_ms } = this;
    this.n = 0;
    return { stream, n, until_ms, bytes: this.view.buffer.slice(0, n * this.bytes_each) };
  }
}

/** Lines of JSON, in the order in which they were told. */
export class Lines {
  constructor() {
    this.stream = "lines";
    this.lines = [];
  }

  get full() {
    return this.lines.length >= MOST_RECORDS;
  }

  /** Throws TypeError for what has no JSON. */
  add(at_ms, line) {
    this.lines.push(JSON.stringify({ ...line, at_ms }));
    this.until_ms = at_ms;
  }

  cut() {
    if (!this.lines.length) return null;
    const { stream, lines, until_ms } = this;
    this.lines = [];
    const text = new TextEncoder().encode(`${lines.join("\n")}\n`);
    return { stream, n: lines.length, until_ms, bytes: text.buffer.slice(0, text.byteLength) };
  }
}
