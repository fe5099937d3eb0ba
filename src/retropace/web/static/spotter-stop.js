// A STOP on its way: over the socket and by post, again and again, until the runner's phone said that it stopped.

/** It is sent again after this time [ms]; a post that is not answered makes room for another one after [ms]. */
const AGAIN_MS = 250;
const POST_MS = 1500;
const MOST_POSTS = 2;
const KEPT = "spotter-stop";

/** Events: `stage` {stage}: "none", "sending", "shout" (not confirmed in time) or "stopped". */
export class Stopping extends EventTarget {
  #stop = null;
  #sending = 0;
  #late = 0;
  #posts = 0;
  stage = "none";

  /** @param {{send: (message: object) => boolean}} link @param {string} address where to post @param {number} undelivered_s */
  constructor(link, address, undelivered_s) {
    super();
    Object.assign(this, { link, address, undelivered_s });
    this.#resume();
  }

  /** STOP, at once; while one is on its way this sends the same again. */
  press() {
    if (!this.#stop) this.#begin({ k: "stop", id: crypto.randomUUID?.() ?? random(), at_ms: Date.now() });
    this.#send();
  }

  /** The runner's phone said that it stopped for this STOP. */
  heard(id) {
    if (this.#stop?.id !== id) return;
    clearInterval(this.#sending);
    clearTimeout(this.#late);
    this.#stop = null;
    sessionStorage.removeItem(KEPT);
    this.#set("stopped");
  }

  /** The runner went on: what was stopped lies behind. */
  forget() {
    if (this.stage === "stopped") this.#set("none");
  }

  /** A page that was loaded again goes on with what it had not delivered. */
  #resume() {
    const kept = sessionStorage.getItem(KEPT);
    if (kept) this.#begin(JSON.parse(kept));
  }

  #begin(stop) {
    this.#stop = stop;
    sessionStorage.setItem(KEPT, JSON.stringify(stop));
    this.#sending = setInterval(() => this.#send(), AGAIN_MS);
    this.#late = setTimeout(() => this.#set("shout"), this.undelivered_s * 1000);
    this.#set("sending");
  }

  #send() {
    if (!this.#stop) return;
    this.link.send(this.#stop);
    if (this.#posts < MOST_POSTS) this.#post(this.#stop);
  }

  async #post(stop) {
    this.#posts++;
    try {
      const signal = AbortSignal.timeout(POST_MS);
      const options = { method: "POST", body: JSON.stringify(stop), signal, credentials: "omit", cache: "no-store" };
      const answer = await fetch(this.address, { ...options, headers: { "content-type": "application/json" } });
      if (answer.ok && (await answer.json()).state === "stopped") this.heard(stop.id);
    } catch {
      // no network: the next one is on its way already
    } finally {
      this.#posts--;
    }
  }

  #set(stage) {
    if (stage === this.stage) return;
    this.stage = stage;
    this.dispatchEvent(new CustomEvent("stage", { detail: { stage } }));
  }
}

const random = () => Array.from(crypto.getRandomValues(new Uint8Array(16)), (one) => one.toString(16).padStart(2, "0")).join("");
