// Awake: keeps the screen on. A screen that goes dark ends the sensors and slows the clock, so that a lost lock is told, never hidden.

/** A lock that was taken away while the page was in sight is asked for again after this time [ms]. */
const AGAIN_MS = 5000;

/**
 * Events: held {held, why}. `why` is null where it is held, else "absent" (the browser has no lock), "hidden" (it was taken because
 * the page is out of sight), "taken" (in sight all the same: battery saver) or "refused".
 */
export class Awake extends EventTarget {
  #wanted = false;
  #lock = null;
  #asking = null;
  #timer = null;
  #told = "";
  #off = null;

  /** Whether the screen is kept on now. */
  get held() { return this.#lock !== null && !this.#lock.released; }

  /** Keep the screen on from now until release(), asking again whenever the page is back in sight. @returns {Promise<boolean>} held */
  async hold() {
    this.#wanted = true;
    if (!this.#off) this.#listen();
    await this.#ask();
    return this.held;
  }

  /** Let the screen go dark. */
  release() {
    this.#wanted = false;
    this.#off?.abort();
    this.#off = null;
    clearTimeout(this.#timer);
    this.#told = "";
    const lock = this.#lock;
    this.#lock = null; // first: its end is told at once, and this one is no loss
    lock?.release().catch(() => {});
  }

  #listen() {
    this.#off = new AbortController();
    const { signal } = this.#off;
    document.addEventListener("visibilitychange", () => this.#ask(), { signal });
    // Safari before 17 grants a lock only inside a tap, also after the page came back.
    document.addEventListener("click", () => this.#ask(), { signal, capture: true });
  }

  #ask() {
    if (!this.#wanted || this.held || document.hidden) return Promise.resolve();
    this.#asking ??= this.#request().finally(() => { this.#asking = null; });
    return this.#asking;
  }

  async #request() {
    if (!("wakeLock" in navigator)) { this.#tell(false, "absent"); return; }
    try {
      const lock = await navigator.wakeLock.request("screen");
      if (this.#wanted) this.#keep(lock); else lock.release().catch(() => {});
    } catch {
      if (this.#wanted) this.#tell(false, document.hidden ? "hidden" : "refused");
    }
  }

  #keep(lock) {
    this.#lock = lock;
    lock.addEventListener("release", () => this.#gone(lock));
    if (lock.released) this.#gone(lock); else this.#tell(true, null);
  }

  /** Taken by the browser: what we let go ourselves is no longer ours by then. */
  #gone(lock) {
    if (this.#lock !== lock) return;
    this.#lock = null;
    this.#tell(false, document.hidden ? "hidden" : "taken");
    clearTimeout(this.#timer);
    if (!document.hidden) this.#timer = setTimeout(() => this.#ask(), AGAIN_MS);
  }

  #tell(held, why) {
    const told = `${held} ${why}`;
    if (told === this.#told) return;
    this.#told = told;
    this.dispatchEvent(new CustomEvent("held", { detail: { held, why } }));
  }
}
