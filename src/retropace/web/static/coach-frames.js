// Frames: what straps, pods and treadmills send, read as their services define it. Pure; null where a frame is cut short or
// contradicts itself, never a throw. All numbers in them have the lowest byte first.
// Heart Rate Service 1.0, Running Speed and Cadence Service 1.0, Fitness Machine Service 1.0 (Bluetooth SIG).

/** Hundredths of a km/h, as treadmills count, in m/s. */
const MPS = 0.01 / 3.6;
/** What a treadmill tells for an incline that it does not know. */
const NO_INCLINE = 0x7fff;

/** Reads a frame from front to back; `ok` is false once something beyond its end was asked for. */
class Cursor {
  constructor(view, at = 0) {
    Object.assign(this, { view, at, ok: true });
  }

  get left() { return this.view.byteLength - this.at; }

  take(bytes, read) {
    if (this.left < bytes) { this.ok = false; return NaN; }
    this.at += bytes;
    return read(this.at - bytes);
  }

  u8() { return this.take(1, (at) => this.view.getUint8(at)); }
  u16() { return this.take(2, (at) => this.view.getUint16(at, true)); }
  s16() { return this.take(2, (at) => this.view.getInt16(at, true)); }
  u24() { return this.take(3, (at) => this.view.getUint16(at, true) + 65536 * this.view.getUint8(at + 2)); }
  u32() { return this.take(4, (at) => this.view.getUint32(at, true)); }
  skip(bytes) { this.take(bytes, () => 0); }
}

const has = (flags, bit) => Boolean(flags & (1 << bit));

/**
 * Heart Rate Measurement (0x2A37). `contact` is null where a strap cannot tell; without a beat `bpm` is NaN.
 * @returns {{bpm: number, contact: boolean|null, energy_kj: number, rr_ms: number[]}|null}
 */
export function heartOf(view) {
  const from = new Cursor(view), flags = from.u8();
  const bpm = has(flags, 0) ? from.u16() : from.u8();
  const energy_kj = has(flags, 3) ? from.u16() : NaN;
  const rr_ms = [];
  // In 1024ths of a second, as many as came since the frame before: none, too, where no heart beat.
  while (has(flags, 4) && from.left > 0 && from.ok) rr_ms.push((from.u16() * 1000) / 1024);
  return from.ok ? { bpm: bpm === 0 ? NaN : bpm, contact: has(flags, 2) ? has(flags, 1) : null, energy_kj, rr_ms } : null;
}

/**
 * RSC Measurement (0x2A53). `contacts_pm`: how often a minute the foot with the pod touches the ground, as the service has it;
 * there are pods that count both feet.
 * @returns {{speed_mps: number, contacts_pm: number, stride_m: number, distance_m: number, running: boolean}|null}
 */
export function podOf(view) {
  const from = new Cursor(view), flags = from.u8();
  const speed_mps = from.u16() / 256, contacts_pm = from.u8();
  const stride_m = has(flags, 0) ? from.u16() / 100 : NaN;
  const distance_m = has(flags, 1) ? from.u32() / 10 : NaN;
  return from.ok ? { speed_mps, contacts_pm, stride_m, distance_m, running: has(flags, 2) } : null;
}

/**
 * Treadmill Data (0x2ACD). Its first flag says "more to come", and only a frame without it has a speed.
 * `incline` in percent, `elapsed_s` as the machine counts.
 * @returns {{speed_mps: number, distance_m: number, incline: number, elapsed_s: number}|null}
 */
export function beltOf(view) {
  const from = new Cursor(view), flags = from.u16();
  const speed_mps = has(flags, 0) ? NaN : from.u16() * MPS;
  if (has(flags, 1)) from.skip(2); // average speed
  const distance_m = has(flags, 2) ? from.u24() : NaN;
  const slope = has(flags, 3) ? from.s16() : NO_INCLINE;
  if (has(flags, 3)) from.skip(2); // angle of the ramp
  // Climbed, pace, average pace, energy, heart rate, metabolic equivalent.
  for (const [bit, bytes] of [[4, 4], [5, 1], [6, 1], [7, 5], [8, 1], [9, 1]]) if (has(flags, bit)) from.skip(bytes);
  const elapsed_s = has(flags, 10) ? from.u16() : NaN;
  const incline = slope === NO_INCLINE ? NaN : slope / 10;
  return from.ok ? { speed_mps, distance_m, incline, elapsed_s } : null;
}

/** Supported Speed Range (0x2AD4) [km/h]. @returns {{least: number, most: number, step: number}|null} */
export function rangeOf(view) {
  const from = new Cursor(view), [least, most, step] = [from.u16() / 100, from.u16() / 100, from.u16() / 100];
  return from.ok && least <= most ? { least, most, step } : null;
}

/** Whether a treadmill takes a speed (0x2ACC: the first target it may be set). @returns {boolean|null} */
export function takesSpeed(view) {
  const from = new Cursor(view, 4), targets = from.u32();
  return from.ok ? has(targets, 0) : null;
}

/** What the control point (0x2AD9) answers: the command, and 1 where it was done. @returns {{command: number, result: number}|null} */
export function answerOf(view) {
  const from = new Cursor(view), [kind, command, result] = [from.u8(), from.u8(), from.u8()];
  return from.ok && kind === 0x80 ? { command, result } : null;
}

const STATUS = { 1: "reset", 2: "stopped", 3: "safety_key", 4: "started", 5: "speed", 0xff: "control_lost" };

/** Fitness Machine Status (0x2ADA) as a word, "other" for what does not concern us. @returns {string|null} */
export function statusOf(view) {
  const from = new Cursor(view), code = from.u8();
  return from.ok ? STATUS[code] ?? "other" : null;
}
