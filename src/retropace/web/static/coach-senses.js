// Senses: everything a phone feels arrives here and nowhere else. Recorder, safety and screen listen; nothing is smoothed,
// turned round or filled in: axes and signs are the browser's own, what it did not tell is NaN.

/** Every kind of event there is; the detail of each carries at_ms, Unix time in ms. */
export const KINDS = ["motion", "orientation", "position", "position-lost", "heart", "pod", "belt", "hidden", "battery", "online"];

/** A phone that gave no position for so long gives none [ms]. */
const POSITION_PATIENCE_MS = 10_000;
/** A sensor that is there tells something within this time [ms]: at 60 Hz it would have told 60 times. */
const FIRST_SAMPLE_MS = 1000;
/** Orientation against north, once told, stands for the other for so long [ms]. */
const ABSOLUTE_LASTS_MS = 1000;
/** A position is at most this old when it arrives [ms]; one that claims more was stamped by another clock. */
const OLDEST_POSITION_MS = 60_000;
/** Standard gravity [m/s2], and how far a phone at rest may be from it: sensors of phones are off by up to 0.3. */
const GRAVITY = 9.80665, GRAVITY_OFF = 0.5;
/** A hand that holds still shakes less than this [m/s2]; a step shakes ten times as much. */
const STILL = 0.5;
/** Fewer samples than these are no measurement: half a second at 60 Hz. */
const LEAST_SAMPLES = 30;

const PERMISSION_DENIED = 1;
const RADIANS = Math.PI / 180;

/** @returns {number} the value, NaN where there is none: zero stays zero */
const number = (value) => (typeof value === "number" ? value : NaN);
const unixMs = (stamp) => performance.timeOrigin + stamp;
const present = () => unixMs(performance.now());

/** One devicemotion event as a sample; null where it holds no number at all, as on a desk without sensors. */
export function motionOf(event) {
  const free = event.acceleration ?? {}, whole = event.accelerationIncludingGravity ?? {}, turn = event.rotationRate ?? {};
  const sample = {
    ax: number(free.x), ay: number(free.y), az: number(free.z),
    gx: number(whole.x), gy: number(whole.y), gz: number(whole.z),
    ra: number(turn.alpha), rb: number(turn.beta), rg: number(turn.gamma),
  };
  if (Object.values(sample).every(Number.isNaN)) return null;
  const interval = number(event.interval);
  // Some tell the interval in seconds: no phone samples a thousand times a second.
  return { at_ms: unixMs(event.timeStamp), ...sample, interval_ms: interval > 0 && interval < 1 ? interval * 1000 : interval };
}

/** One orientation event as a sample, null where empty. `compass` runs clockwise from north: the phone's own, or 360 - alpha. */
export function orientationOf(event) {
  const [alpha, beta, gamma] = [event.alpha, event.beta, event.gamma].map(number);
  if ([alpha, beta, gamma].every(Number.isNaN)) return null;
  const accuracy = number(event.webkitCompassAccuracy);
  const north = event.absolute === true || event.type === "deviceorientationabsolute";
  const own = accuracy < 0 ? NaN : number(event.webkitCompassHeading);  // below zero it says that it does not know
  const compass = Number.isNaN(own) && north ? (360 - alpha) % 360 : own;
  return { at_ms: unixMs(event.timeStamp), alpha, beta, gamma, compass, compass_accuracy: accuracy, absolute: north };
}

/** One position as a sample, its time brought onto the clock of all other samples. */
export function positionOf(position) {
  const at = position.coords, age = Date.now() - position.timestamp;
  const believed = age >= 0 && age <= OLDEST_POSITION_MS ? age : 0;
  return {
    at_ms: present() - believed,
    lat: number(at.latitude), lon: number(at.longitude), accuracy_m: number(at.accuracy),
    altitude_m: number(at.altitude), altitude_accuracy_m: number(at.altitudeAccuracy),
    speed_mps: number(at.speed), heading_deg: number(at.heading),
  };
}

const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;

/** Where the sky is, seen from the phone's axes, of unit length: (0, 0, 1) where it lies on its back. */
const skyward = ({ beta, gamma }) => [
  -Math.cos(beta * RADIANS) * Math.sin(gamma * RADIANS),
  Math.sin(beta * RADIANS),
  Math.cos(beta * RADIANS) * Math.cos(gamma * RADIANS),
];

/**
 * What standing still tells of a phone: the length of its gravity [m/s2] and the sign, 1 where it points to the sky as the
 * standard has it, -1 where it points down, null where no orientation was told. `ok`: it was still, and both are known.
 * @param {Array<{gx, gy, gz}>} motions  @param {{beta, gamma}|null} orientation
 */
export function stillness(motions, orientation) {
  const felt = motions.filter((one) => !Number.isNaN(one.gx + one.gy + one.gz));
  if (felt.length < LEAST_SAMPLES) return { sign: null, g: NaN, spread: NaN, samples: felt.length, ok: false };
  const middle = ["gx", "gy", "gz"].map((axis) => mean(felt.map((one) => one[axis])));
  const off = felt.map((one) => Math.hypot(one.gx - middle[0], one.gy - middle[1], one.gz - middle[2]) ** 2);
  const g = Math.hypot(...middle), spread = Math.sqrt(mean(off));
  const up = orientation ? skyward(orientation) : [NaN, NaN, NaN];
  const along = middle.reduce((sum, value, axis) => sum + value * up[axis], 0) / g;
  const sign = Math.abs(along) > 0.5 ? Math.sign(along) : null;
  const ok = spread <= STILL && Math.abs(g - GRAVITY) <= GRAVITY_OFF && sign !== null;
  return { sign, g, spread, samples: felt.length, ok };
}

/** Events: one of KINDS each. Listen first, then start(): the state of page, battery and net is told at once. */
export class Senses extends EventTarget {
  #off = null;
  #watch = null;
  #last = "";
  #lost = false;
  #north_ms = -Infinity;
  #held = null;

  /** What this browser has; nobody is asked anything. */
  static able() {
    return {
      motion: "DeviceMotionEvent" in globalThis,
      orientation: "DeviceOrientationEvent" in globalThis,
      position: "geolocation" in navigator && isSecureContext,
      wakelock: "wakeLock" in navigator,
      vibrate: "vibrate" in navigator,
      bluetooth: "bluetooth" in navigator,
      persist: Boolean(navigator.storage?.persist),
      secure: isSecureContext,
    };
  }

  /**
   * Ask for everything. Call it inside a tap: phones show their questions only then, and forget the answers at each launch.
   * "absent" is a sensor that the browser lacks or that told nothing for a second.
   * @returns {Promise<{motion: string, orientation: string, position: string}>} "granted" | "denied" | "absent" each
   */
  async ask({ position = true } = {}) {
    // All three begin before anything is awaited: after the first wait the tap no longer counts.
    const asked = [
      granted(globalThis.DeviceMotionEvent, "devicemotion", motionOf),
      granted(globalThis.DeviceOrientationEvent, "deviceorientation", orientationOf),
      position ? positionGranted() : Promise.resolve("absent"),
    ];
    const [motion, orientation, where] = await Promise.all(asked);
    return { motion, orientation, position: where };
  }

  /** Begin to listen; `position: false` leaves the satellites alone (a treadmill). */
  start({ position = true } = {}) {
    if (this.#off) return;
    this.#off = new AbortController();
    const { signal } = this.#off;
    const on = (target, name, heard) => target.addEventListener(name, heard, { signal });
    on(globalThis, "devicemotion", (event) => this.#tell("motion", motionOf(event)));
    on(globalThis, "deviceorientation", (event) => this.#turned(event));
    on(globalThis, "deviceorientationabsolute", (event) => this.#turned(event));
    on(document, "visibilitychange", () => this.feel("hidden", { hidden: document.hidden }));
    on(globalThis, "pagehide", () => this.feel("hidden", { hidden: true }));
    on(globalThis, "pageshow", () => this.feel("hidden", { hidden: document.hidden }));
    for (const name of ["online", "offline"]) on(globalThis, name, () => this.#connected());
    this.feel("hidden", { hidden: document.hidden });
    this.#connected();
    this.#charge(signal);
    if (position) this.#locate();
  }

  /** Listen no more. */
  stop() {
    this.#off?.abort();
    this.#off = null;
    if (this.#watch !== null) navigator.geolocation.clearWatch(this.#watch);
    this.#watch = null;
    this.#last = "";
    this.#lost = false;
  }

  /** A sample from elsewhere (a strap, a pod, a belt), told on; at_ms is now where it has none. */
  feel(kind, detail = {}) {
    if (!KINDS.includes(kind)) throw new TypeError(`Nothing is felt as ${kind}`);
    this.dispatchEvent(new CustomEvent(kind, { detail: { at_ms: present(), ...detail } }));
  }

  /** Stand still for `seconds` from now: see stillness(). Works while started. */
  async still(seconds = 3) {
    const motions = [], moved = ({ detail }) => motions.push(detail);
    this.addEventListener("motion", moved);
    await new Promise((over) => setTimeout(over, seconds * 1000));
    this.removeEventListener("motion", moved);
    return stillness(motions, this.#held);
  }

  #tell(kind, detail) { if (detail) this.feel(kind, detail); }

  /** Against north where the phone knows it; the other kind only where it does not, so that the two are never mixed. */
  #turned(event) {
    const sample = orientationOf(event);
    if (!sample) return;
    if (sample.absolute) this.#north_ms = sample.at_ms;
    else if (sample.at_ms - this.#north_ms < ABSOLUTE_LASTS_MS) return;
    this.#held = sample;
    this.feel("orientation", sample);
  }

  #connected() { this.feel("online", { online: navigator.onLine }); }

  async #charge(signal) {
    const battery = await navigator.getBattery?.().catch(() => null);
    if (!battery || signal.aborted) return;
    const tell = () => this.feel("battery", { level: battery.level, charging: battery.charging });
    for (const name of ["levelchange", "chargingchange"]) battery.addEventListener(name, tell, { signal });
    tell();
  }

  #locate() {
    if (!("geolocation" in navigator)) { this.#gone("absent"); return; }
    const wish = { enableHighAccuracy: true, maximumAge: 0, timeout: POSITION_PATIENCE_MS };
    this.#watch = navigator.geolocation.watchPosition((position) => this.#there(position), (error) => this.#gone(reason(error)), wish);
  }

  #there(position) {
    const { latitude, longitude, accuracy, speed } = position.coords;
    const told = [position.timestamp, latitude, longitude, accuracy, speed].join();
    if (told === this.#last) return;
    this.#last = told;
    this.#lost = false;
    this.feel("position", positionOf(position));
  }

  /** Told once for each loss; the watch goes on and positions come when they come. */
  #gone(why) {
    if (this.#lost) return;
    this.#lost = true;
    this.feel("position-lost", { why });
  }
}

const reason = (error) => ["unknown", "denied", "unavailable", "timeout"][error.code] ?? "unknown";

async function granted(kind, name, sampleOf) {
  if (!kind) return "absent";
  const answer = await (kind.requestPermission?.() ?? Promise.resolve("granted")).catch(() => "denied");
  if (answer !== "granted") return "denied";
  if (await told(name, sampleOf)) return "granted";
  return (await shut("accelerometer")) || (await shut("gyroscope")) ? "denied" : "absent";
}

/** Whether an event with a number in it comes soon. */
function told(name, sampleOf) {
  return new Promise((answer) => {
    const done = (found) => { removeEventListener(name, heard); clearTimeout(timer); answer(found); };
    const heard = (event) => { if (sampleOf(event)) done(true); };
    const timer = setTimeout(done, FIRST_SAMPLE_MS, false);
    addEventListener(name, heard);
  });
}

/** What the browser keeps of a permission, null where it keeps none. */
const kept = (name) => navigator.permissions?.query({ name }).catch(() => null) ?? Promise.resolve(null);
const shut = async (name) => (await kept(name))?.state === "denied";

function positionGranted() {
  if (!("geolocation" in navigator)) return Promise.resolve("absent");
  return new Promise((answer) => {
    const wish = { enableHighAccuracy: true, maximumAge: Infinity, timeout: POSITION_PATIENCE_MS };
    // No position yet is no refusal: under a roof it takes its time.
    const failed = (error) => answer(error.code === PERMISSION_DENIED ? "denied" : "granted");
    navigator.geolocation.getCurrentPosition(() => answer("granted"), failed, wish);
    kept("geolocation").then((status) => { if (status?.state === "granted") answer("granted"); });
  });
}
