// Upload: what was recorded goes to the server in parts whose bytes never change, each as often as needed and kept once.
// Nothing is removed here before the server has told the sum of every part, and every sum is ours.

import { STREAMS } from "./coach-keep.js";
import { Refused, Server } from "./coach-server.js";
import { alone } from "./coach-turn.js";

/** A part is 40 chunks in order: ten seconds. */
export const CHUNKS_A_PART = 40;
/** So many parts are on their way at once: on a phone's network an answer takes longer than the part. */
const AT_ONCE = 3;

/** Every reason why upload or finish is not through; the page has one sentence for each. */
export const REASONS = [
  "offline", // the server cannot be reached: it goes on another time
  "server", // it is there but out of order: likewise
  "sign-in", // sign in, then it goes on
  "different", // the server has other bytes: everything is kept here
  "refused", // it says no, and why
  "someone-else", // the run was recorded by somebody else in this browser
  "open", // the run has not ended: its last parts wait
  "stopped", // somebody stopped it
  "absent", // there is no such run here, or this page may not compute sums (no https)
  "failed", // this phone's disk does not answer
];

const hex = (buffer) => [...new Uint8Array(buffer)].map((byte) => byte.toString(16).padStart(2, "0")).join("");

function joined(chunks) {
  const whole = new Uint8Array(chunks.reduce((bytes, one) => bytes + one.bytes.byteLength, 0));
  let place = 0;
  for (const { bytes } of chunks) {
    whole.set(new Uint8Array(bytes), place);
    place += bytes.byteLength;
  }
  return whole;
}

/** Part `part` of a stream: {bytes, sha256}. The same for ever, once its 40 chunks are there or the run has ended. */
export async function partOf(keep, run_id, stream, part) {
  const first = part * CHUNKS_A_PART;
  const bytes = joined(await keep.chunks(run_id, stream, first, first + CHUNKS_A_PART));
  return { bytes, sha256: hex(await crypto.subtle.digest("SHA-256", bytes)) };
}

/** How many parts of each stream can be sent: the last one only once the run has ended. */
export async function partsOf(keep, run) {
  const whole = run.state === "open" ? Math.floor : Math.ceil;
  const tail = await keep.tail(run.id);
  return Object.fromEntries(STREAMS.map((stream) => [stream, whole(tail[stream] / CHUNKS_A_PART)]));
}

const listed = (parts) => STREAMS.flatMap((stream) => Array.from({ length: parts[stream] }, (_, part) => ({ stream, part })));
const nameOf = ({ stream, part }) => `${stream}/${part}`;
const sumsOf = (manifest) => new Map(manifest.parts.map((one) => [nameOf(one), one.sha256]));

/**
 * Send what the server does not have yet of a run; may be called at any time and as often as wanted.
 * @param {{csrf?: string, person?: string, progress?: function({sent, of}), signal?: AbortSignal}} options
 * @returns {Promise<{done: boolean, parts: number, failed: number, why: string|null, told: string}>} parts the server has,
 * parts it lacks; `why` is one of REASONS, `told` the server's own sentence
 */
export async function upload(keep, run_id, options = {}) {
  const count = { parts: 0, failed: 0 };
  const told = await inWords(() => alone(options, () => sent(keep, run_id, options, count)));
  return { done: !told.why, ...count, ...told };
}

async function sent(keep, run_id, options, count) {
  const run = await usable(keep, run_id, options);
  if (run.state === "done") return;
  const server = new Server(run_id, options);
  const parts = await partsOf(keep, run), all = listed(parts);
  count.failed = all.length;
  await server.begin(run);
  const manifest = await server.manifest();
  if (manifest.state === "done") await settled(keep, run, manifest, all, manifest);
  else await missingSent(keep, run, server, { all, sums: sumsOf(manifest) }, options, count);
  Object.assign(count, { parts: all.length, failed: 0 });
  if (run.state === "open") throw new Refused("open");
}

async function missingSent(keep, run, server, { all, sums }, { progress }, count) {
  await some(all, async ({ stream, part }) => {
    const { bytes, sha256 } = await partOf(keep, run.id, stream, part);
    const there = sums.get(nameOf({ stream, part }));
    if (there === undefined) await server.put(stream, part, bytes, sha256);
    else if (there !== sha256) throw new Refused("different"); // before a session is made of it
    count.parts += 1;
    count.failed -= 1;
    progress?.({ sent: count.parts, of: all.length });
  });
}

// Do all of it, some at a time; nothing more begins once one has failed, and nothing goes on when this returns.
async function some(all, work) {
  const queue = all.values();
  let failed = false;
  const worker = async () => {
    for (const one of queue) {
      if (failed) return;
      await work(one).catch((error) => {
        failed = true;
        throw error;
      });
    }
  };
  const ends = await Promise.allSettled(Array.from({ length: AT_ONCE }, worker));
  const bad = ends.find((end) => end.status === "rejected");
  if (bad) throw bad.reason;
}

/**
 * Everything is there: have it read and kept as a session; then, after comparing every sum, remove it here.
 * @returns {Promise<{session: string|null, log: string|null, told: string, why: string|null, pruned: boolean}>}
 */
export async function finish(keep, run_id, options = {}) {
  const found = { session: null, log: null, told: "", pruned: false };
  const told = await inWords(() => alone(options, () => finished(keep, run_id, options, found)));
  return { ...found, why: told.why, told: told.told || found.told };
}

async function finished(keep, run_id, options, found) {
  const run = await usable(keep, run_id, options);
  const tell = ({ session, log, told = "" }) => Object.assign(found, { session, log, told });
  if (run.state === "open") throw new Refused("open");
  if (run.state === "done") {
    tell(run);
    found.pruned = true;
    return;
  }
  const server = new Server(run_id, options);
  const parts = await partsOf(keep, run);
  const answer = await server.done(parts);
  tell(answer);
  await settled(keep, run, await server.manifest(), listed(parts), answer);
  found.pruned = true;
}

// The server has made a session of it: compare, and only then let go of what is here.
async function settled(keep, run, manifest, all, { session = null, log = null, told = "" }) {
  const sums = sumsOf(manifest);
  let same = sums.size === all.length;
  for (const one of all) {
    same &&= sums.get(nameOf(one)) === (await partOf(keep, run.id, one.stream, one.part)).sha256;
  }
  if (!same) throw new Refused("different");
  await keep.prune(run.id, { state: "done", session, log, told });
}

async function usable(keep, run_id, { person }) {
  const run = await keep.run(run_id);
  if (!run || !globalThis.crypto?.subtle) throw new Refused("absent");
  if (person !== undefined && run.person !== undefined && run.person !== person) throw new Refused("someone-else");
  return run;
}

// What went wrong, in one of REASONS; everything is kept and can be sent another time.
async function inWords(work) {
  try {
    await work();
    return { why: null, told: "" };
  } catch (error) {
    if (error instanceof Refused) return { why: error.why, told: error.told };
    return { why: error?.name === "AbortError" ? "stopped" : "failed", told: "" };
  }
}

/** Upload and finish every run that has ended, one after the other: {id: {...finish}} of those that were tried. */
export async function sendAll(keep, options = {}) {
  const outcomes = {};
  for (const { id, state } of (await keep.runs()).reverse()) {
    if (state !== "ended") continue;
    const { done, why, told } = await upload(keep, id, options);
    outcomes[id] = done ? await finish(keep, id, options) : { session: null, log: null, told, why, pruned: false };
  }
  return outcomes;
}
