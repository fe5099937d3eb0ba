// Gets runs to the server: now, and again whenever the network is back, the page is looked at, or the coach is opened.

import { fill, words } from "./coach-page.js";
import { finish, sendAll, upload } from "./coach-upload.js";

/** Reasons after which trying again by itself may help. */
const LATER = new Set(["offline", "server", "stopped", "failed"]);
/** Between two tries by itself [ms]. */
const AGAIN_MS = 15_000;

/** What the browser is known by here, fresh: {csrf, who}; what was known where the server is out of reach. */
async function fresh(known) {
  try {
    const answer = await fetch("/coach/session.json", { method: "HEAD" });
    const csrf = answer.headers.get("x-csrf");
    return csrf ? { csrf, who: answer.headers.get("x-who") } : known;
  } catch {
    return known;
  }
}

export class Sender {
  /** @param {Keep} keep  @param {{csrf?: string, who?: string}} known */
  constructor(keep, known) {
    this.keep = keep;
    this.known = known;
    this.tried_ms = -Infinity;
  }

  async options(progress) {
    this.known = await fresh(this.known);
    const { csrf, who } = this.known;
    return { csrf, person: who ?? undefined, progress };
  }

  /**
   * Send a run and have it read.
   * @returns {Promise<{session, log, told, why}>} why: null once the server has it all
   */
  async send(run, progress) {
    const options = await this.options(progress);
    const sent = await upload(this.keep, run, options);
    if (!sent.done) return { session: null, log: null, told: sent.told, why: sent.why };
    progress?.({ sent: sent.parts, of: sent.parts, whole: true });
    return finish(this.keep, run, options);
  }

  /** Send whatever has ended and waits, and keep trying while this page is open; `told` is called after each try. */
  always(told) {
    const attempt = () => this.attempt(told);
    addEventListener("online", attempt);
    document.addEventListener("visibilitychange", () => document.hidden || attempt());
    return this.attempt(told);
  }

  async attempt(told) {
    if (this.busy || performance.now() - this.tried_ms < AGAIN_MS) return;
    this.tried_ms = performance.now();
    const waits = (await this.keep.runs()).some((run) => run.state === "ended");
    if (!waits) return;
    told(await sendAll(this.keep, await this.options()));
  }
}

/** Why it is not there yet, in one sentence; whatever the reason, it stays on this phone. */
export function whyNot({ why, told }) {
  if (why === "sign-in") return words.sign_in_first;
  if (LATER.has(why)) return words.kept_here;
  return fill("not_taken", { why: told || words[`why_${why.replace("-", "_")}`] || why });
}
