// Bluetooth: heart-rate straps, running pods and treadmills, chosen by a tap and heard for as long as they are there.
// What they tell goes into the senses; a link that breaks comes back by itself.

import { beltOf, heartOf, podOf, rangeOf, statusOf, takesSpeed } from "./coach-frames.js";
import { capOf, Treadmill } from "./coach-treadmill.js";

const HEART = 0x180d, POD = 0x1814, MACHINE = 0x1826;
const FEATURES = 0x2acc, RANGE = 0x2ad4, POINT = 0x2ad9, STATUS = 0x2ada;
/** What is heard of which service, and under which name. */
const HEARD = [
  { kind: "heart", service: HEART, characteristic: 0x2a37, read: heartOf },
  { kind: "pod", service: POD, characteristic: 0x2a53, read: podOf },
  { kind: "belt", service: MACHINE, characteristic: 0x2acd, read: beltOf },
];
/** Waits before a link is tried again [ms]: the last one again and again. */
const AGAIN_MS = [1000, 2000, 4000, 8000, 15_000, 30_000];
/** A foot touches the ground less often than this [1/min]: a pod that tells more counts both feet. */
const MOST_ONE_FOOT = 125;

/** What went wrong with a choice: "absent" (no Bluetooth here), "cancelled", "nothing" (it tells nothing we know), "failed". */
export class NotPaired extends Error {
  constructor(why) {
    super(why);
    this.why = why;
  }
}

/** Events: device {id, name, kinds, connected}; treadmill {treadmill} once one can be told something; dropped {kind, count}. */
export class Bluetooth extends EventTarget {
  #links = new Map();

  /**
   * @param {Senses} senses  what is told here arrives there as heart, pod and belt
   * @param {{safety?: object, bluetooth?: Bluetooth, again_ms?: number[]}} with  safety of the guide: the limit of a belt
   */
  constructor(senses, { safety = {}, bluetooth = navigator.bluetooth, again_ms = AGAIN_MS } = {}) {
    super();
    Object.assign(this, { senses, safety, bluetooth, again_ms });
    this.dropped = { heart: 0, pod: 0, belt: 0 };
  }

  /** Whether this browser can. */
  static able() { return "bluetooth" in navigator; }

  /** The devices chosen so far, as in the event. */
  get devices() { return [...this.#links.values()].map(({ told }) => told); }

  /** The treadmill that can be told something, null where there is none. */
  get treadmill() { return [...this.#links.values()].find((link) => link.treadmill)?.treadmill ?? null; }

  /** Inside a tap: choose one, and hear it. @returns {Promise<{id, name, kinds, connected}>} Throws NotPaired. */
  async pair() {
    if (!this.bluetooth) throw new NotPaired("absent");
    const filters = HEARD.map(({ service }) => ({ services: [service] }));
    const services = { filters, optionalServices: HEARD.map(({ service }) => service) };
    const device = await this.bluetooth.requestDevice(services).catch(refused);
    if (!this.#links.has(device.id)) this.#links.set(device.id, new Link(this, device));
    return this.#links.get(device.id).opened().catch((error) => {
      this.#links.delete(device.id);
      throw error;
    });
  }

  /** Stop the belt of every treadmill, whoever opted into what. @returns {Promise<Array<{done, why}>>} */
  stop() { return this.#halt("stop"); }

  /** Let the belt of every treadmill stand for a while. */
  pause() { return this.#halt("pause"); }

  /** Hang up on all of them. */
  close() {
    for (const link of this.#links.values()) link.close();
    this.#links.clear();
  }

  #halt(how) { return Promise.all([...this.#links.values()].flatMap(({ treadmill }) => (treadmill ? [treadmill[how]()] : []))); }

  /** A frame of a kind: its sample to the senses, or one more that could not be read. */
  take(kind, sample, at_ms) {
    if (sample === null) {
      this.dropped[kind] += 1;
      this.emit("dropped", { kind, count: this.dropped[kind] });
    } else this.senses.feel(kind, { ...sample, at_ms });
  }

  emit(name, detail) { this.dispatchEvent(new CustomEvent(name, { detail })); }
}

function refused(error) {
  throw new NotPaired(error.name === "NotFoundError" || error.name === "AbortError" ? "cancelled" : "failed");
}

/** One device: connected, heard, and connected again. */
class Link {
  #tried = 0;
  #timer = null;
  #closed = false;
  #both_feet = false;
  #opening = null;
  #heard = new Set();

  constructor(owner, device) {
    Object.assign(this, { owner, device, kinds: [], connected: false, treadmill: null });
    device.addEventListener("gattserverdisconnected", () => this.#gone());
  }

  get told() {
    const { device, kinds, connected } = this;
    return { id: device.id, name: device.name ?? "", kinds, connected };
  }

  /** Opened by a person: what fails is told to them. */
  async opened() {
    this.#closed = false;
    await this.#open().catch((error) => {
      this.close();
      throw error instanceof NotPaired ? error : new NotPaired("failed");
    });
    return this.told;
  }

  close() {
    this.#closed = true;
    clearTimeout(this.#timer);
    this.treadmill?.lost();
    this.device.gatt.disconnect();
  }

  /** One opening at a time, whoever asks. */
  #open() {
    this.#opening ??= this.#connect().finally(() => { this.#opening = null; });
    return this.#opening;
  }

  async #connect() {
    const server = await this.device.gatt.connect();
    const kinds = [];
    // One after the other: a device does one thing at a time.
    for (const heard of HEARD) if (await this.#hear(server, heard)) kinds.push(heard.kind);
    if (kinds.length === 0) throw new NotPaired("nothing");
    // One that cannot be told anything is heard all the same.
    if (kinds.includes("belt")) await this.#command(await server.getPrimaryService(MACHINE)).catch(() => { this.treadmill = null; });
    if (this.#closed) { this.device.gatt.disconnect(); return; }
    if (!this.device.gatt.connected) throw new NotPaired("failed"); // it went while it was being asked
    Object.assign(this, { kinds, connected: true });
    this.#tried = 0;
    this.owner.emit("device", this.told);
    if (this.treadmill) this.owner.emit("treadmill", { treadmill: this.treadmill });
  }

  /** Whether the device has this service, and tells it from now on. */
  async #hear(server, { kind, service, characteristic, read }) {
    const has = await server.getPrimaryService(service).catch((error) => missing(error));
    if (!has) return false;
    await this.#subscribe(await has.getCharacteristic(characteristic), (view, at_ms) => this.#took(kind, read(view), at_ms));
    return true;
  }

  async #subscribe(characteristic, then) {
    // A browser may hand out the same object again after a reconnection: heard twice it would count twice.
    if (!this.#heard.has(characteristic)) {
      this.#heard.add(characteristic);
      const heard = (event) => then(event.target.value, performance.timeOrigin + event.timeStamp);
      characteristic.addEventListener("characteristicvaluechanged", heard);
    }
    await characteristic.startNotifications();
  }

  #took(kind, sample, at_ms) {
    if (kind === "belt" && sample) this.treadmill?.felt(sample.speed_mps);
    this.owner.take(kind, kind === "pod" && sample ? this.#stepping(sample) : sample, at_ms);
  }

  /** With the steps of both feet a minute: once a pod told more than one foot does, it has always counted both. */
  #stepping(sample) {
    this.#both_feet ||= sample.contacts_pm > MOST_ONE_FOOT;
    return { ...sample, cadence_spm: sample.contacts_pm * (this.#both_feet ? 1 : 2) };
  }

  /** What may be told to a treadmill that takes commands; one without any is only heard. */
  async #command(machine) {
    const point = await machine.getCharacteristic(POINT);
    const value = (name) => machine.getCharacteristic(name).then((one) => one.readValue()).catch(() => null);
    const features = await value(FEATURES), range = await value(RANGE);
    const known = range && (!features || takesSpeed(features) !== false) ? rangeOf(range) : null;
    if (this.treadmill) Object.assign(this.treadmill, { point, range: known });
    else this.treadmill = new Treadmill(point, { range: known, cap_kmh: capOf(this.owner.safety) });
    await this.#subscribe(point, (view) => this.treadmill.answered(view));
    const status = await machine.getCharacteristic(STATUS).catch(() => null);
    if (status) await this.#subscribe(status, (view) => this.treadmill.status(statusOf(view)));
  }

  #gone() {
    const was = this.connected;
    this.connected = false;
    this.treadmill?.lost();
    if (was) this.owner.emit("device", this.told);
    this.#again();
  }

  #again() {
    if (this.#closed || this.#opening) return;
    const waits = this.owner.again_ms, wait_ms = waits[Math.min(this.#tried, waits.length - 1)];
    this.#tried += 1;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#open().catch(() => this.#again()), wait_ms);
  }
}

/** Null for what a device lacks; anything else is a failure. */
function missing(error) {
  if (error.name === "NotFoundError" || error.name === "NotSupportedError") return null;
  throw error;
}
