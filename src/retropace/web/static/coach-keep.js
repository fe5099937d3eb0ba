// What the coach keeps on this phone: guides by day, runs, and what was recorded in them, in chunks. Where the disk refuses,
// everything goes on in memory and `why` says why, so that no run ever fails because of a disk.

import { Disk, opened, troubleOf } from "./coach-disk.js";
import { Held } from "./coach-held.js";

export { TROUBLES } from "./coach-disk.js";

export const STREAMS = ["motion", "orientation", "lines"];
/** 60 motion records of 48 bytes and 60 of 32 in a second, and some lines. */
const BYTES_PER_S = 5000;
/** Two hours: with less room than that a run may not fit. */
const ROOM_S = 7200;
const GUIDES_KEPT_DAYS = 14;
const DONE_KEPT_DAYS = 30;
const DAY_MS = 86_400_000;

const chunksOf = (run, stream, from = 0, before = Infinity) =>
  IDBKeyRange.bound([run, stream, from], [run, stream, before], false, true);
const everyChunkOf = (run) => IDBKeyRange.bound([run], [run, []]);

/** The keep. Never fails: where the disk cannot be had, `durable` is false and `why` (one of TROUBLES) says why. */
export async function openKeep({ version } = {}) {
  try {
    const keep = new Keep(new Disk(await opened(version)));
    await keep.tidy().catch(() => {}); // another time
    return keep;
  } catch (error) {
    return new Keep(new Disk(null, troubleOf(error).why));
  }
}

/** Whether this browser promises not to throw away by itself what is kept; with `ask` it is asked to. */
export async function persisted(ask = false) {
  try {
    return Boolean(await (ask ? navigator.storage.persist() : navigator.storage.persisted()));
  } catch {
    return false;
  }
}

function uuid4() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

/** `keep.disk` fires `trouble` {why} when the disk begins to fail, and with why null once it works again. */
export class Keep {
  constructor(disk) {
    this.disk = disk;
    this.held = new Held();
  }

  /** Whether there is a disk behind it. */
  get durable() {
    return this.disk.db !== null;
  }

  get why() {
    return this.disk.why;
  }

  // -- one thing by its key: what is held is newer than what the disk has ------------------------------------------------

  async one(store, key) {
    const kept = await this.disk.read(store, (place) => place.get(key)).catch(() => undefined);
    return { ...kept, ...this.held[store].get(key) };
  }

  async every(store, name) {
    const kept = await this.disk.read(store, (place) => place.getAll()).catch(() => []);
    const each = new Map(kept.map((one) => [one[name], one]));
    for (const [key, held] of this.held[store]) each.set(key, { ...each.get(key), ...held });
    return [...each.values()];
  }

  // Held until the disk has it, for ever where it refuses; the disk tells why.
  async change(store, key, changes) {
    const held = { ...this.held[store].get(key), ...changes };
    this.held[store].set(key, held);
    try {
      await this.disk.change(store, key, (kept) => ({ ...kept, ...held }));
      if (this.held[store].get(key) === held) this.held[store].delete(key);
    } catch {
      // it stays held
    }
    return this.one(store, key);
  }

  // -- guides ------------------------------------------------------------------------------------------------------------

  /** The answer of /coach/session.json for a day, or null. */
  async guide(day) {
    return (await this.one("guides", day)).json ?? null;
  }

  async keepGuide(day, json) {
    await this.change("guides", day, { day, json, kept_ms: Date.now() });
  }

  /** Remove the guides of every day. Throws Trouble. */
  async forgetGuides() {
    this.held.guides.clear();
    if (this.durable) await this.disk.write([["guides", "clear"]]);
  }

  // -- runs --------------------------------------------------------------------------------------------------------------

  /** Every run, the last one first: {id, day, began_ms, offset_min, guide, state: open | ended | done, ...}. */
  async runs() {
    return (await this.every("runs", "id")).sort((a, b) => b.began_ms - a.began_ms);
  }

  async run(id) {
    const run = await this.one("runs", id);
    return run.id ? run : null;
  }

  /** A new run with an id of its own, open. `told` gives day and guide, and person: whose it is. */
  async beginRun(told) {
    const now = new Date();
    const own = { began_ms: now.getTime(), offset_min: -now.getTimezoneOffset(), state: "open" };
    const run = { ...own, ...told, id: told.id ?? uuid4() };
    return this.change("runs", run.id, run);
  }

  /** The run as it is now; null, and nothing is made, where it has been forgotten. */
  async changeRun(id, changes) {
    if (!(await this.run(id))) return null;
    return this.change("runs", id, { ...changes, id });
  }

  /** Keep a run that the disk has lost. */
  async restoreRun(run) {
    if (!(await this.run(run.id))) await this.change("runs", run.id, run);
  }

  /** The run has ended: nothing more is recorded in it, and its last parts may be sent. */
  async endRun(id) {
    return this.changeRun(id, { state: "ended", ended_ms: Date.now() });
  }

  // -- chunks ------------------------------------------------------------------------------------------------------------

  /** Chunks {run, stream, seq, n, bytes} onto the disk, all or none. Throws Trouble. */
  async writeChunks(chunks) {
    await this.disk.write(chunks.map((chunk) => ["chunks", "put", chunk]));
  }

  /** Chunks that the disk did not take: they can be sent all the same as long as this page is open. */
  hold(chunks) {
    this.held.put(chunks);
  }

  /** The chunks of a stream with from <= seq < before, in order. Throws Trouble. */
  async chunks(run, stream, from = 0, before = Infinity) {
    const asking = (place) => place.getAll(chunksOf(run, stream, from, before));
    return this.held.with(await this.disked(asking, []), run, stream, from, before);
  }

  /** How many chunks each stream has: {motion, orientation, lines}. Throws Trouble. */
  async tail(run) {
    const ends = await Promise.all(STREAMS.map((stream) => this.end(run, stream)));
    return Object.fromEntries(STREAMS.map((stream, at) => [stream, ends[at]]));
  }

  async end(run, stream) {
    const cursor = await this.disked((place) => place.openKeyCursor(chunksOf(run, stream), "prev"), null);
    return Math.max(cursor ? cursor.key[2] + 1 : 0, this.held.end(run, stream));
  }

  /** When the last sample of a run was [Unix ms], null where nothing was recorded; `ends` is its tail. Throws Trouble. */
  async until(run, ends) {
    const last = await Promise.all(STREAMS.map((stream) => this.chunks(run, stream, ends[stream] - 1)));
    const times = last.flat().map((chunk) => chunk.until_ms);
    return times.length ? Math.max(...times) : null;
  }

  // Chunks from the disk; where there has never been one, `otherwise`.
  async disked(asking, otherwise) {
    return this.disk.had ? this.disk.read("chunks", asking) : otherwise;
  }

  // -- room --------------------------------------------------------------------------------------------------------------

  /** {used, quota, free: bytes or null, seconds: how long can be recorded or null, enough, persisted, durable, why}. */
  async estimate() {
    const { usage = null, quota = null } = (await navigator.storage?.estimate?.().catch(() => null)) ?? {};
    const free = usage === null || quota === null ? null : Math.max(0, quota - usage);
    const seconds = free === null ? null : Math.floor(free / BYTES_PER_S);
    const enough = this.durable && (seconds === null || seconds >= ROOM_S);
    return { used: usage, quota, free, seconds, enough, persisted: await persisted(), durable: this.durable, why: this.why };
  }

  /** Remove the chunks and the guide of a run that is kept elsewhere now; `changes` say where. Throws Trouble. */
  async prune(id, changes) {
    const { guide, ...rest } = (await this.run(id)) ?? {};
    const run = { ...rest, ...changes, id };
    if (this.durable) await this.disk.write([["chunks", "delete", everyChunkOf(id)], ["runs", "put", run]]);
    else this.held.runs.set(id, run);
    this.held.drop(id);
    if (this.durable) this.held.runs.delete(id);
  }

  /** Remove a run with everything that was recorded in it. Throws Trouble. */
  async forgetRun(id) {
    this.held.drop(id);
    this.held.runs.delete(id);
    if (this.durable) await this.disk.write([["chunks", "delete", everyChunkOf(id)], ["runs", "delete", id]]);
  }

  /** Remove everything. Throws Trouble. */
  async forget() {
    this.held = new Held();
    if (this.durable) await this.disk.write(["guides", "runs", "chunks"].map((store) => [store, "clear"]));
  }

  // Guides of days long past, and what is left of runs that were sent long ago.
  async tidy(now_ms = Date.now()) {
    const [guides, runs] = [await this.every("guides", "day"), await this.runs()];
    const past = guides.filter((one) => one.kept_ms < now_ms - GUIDES_KEPT_DAYS * DAY_MS);
    const sent = runs.filter((one) => one.state === "done" && one.began_ms < now_ms - DONE_KEPT_DAYS * DAY_MS);
    const changes = [...past.map((one) => ["guides", "delete", one.day]), ...sent.map((one) => ["runs", "delete", one.id])];
    if (changes.length) await this.disk.write(changes);
  }
}
