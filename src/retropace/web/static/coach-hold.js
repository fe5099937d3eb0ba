// A button that acts once it was held: by finger or by key. No pocket holds still on one spot for so long.

const STEP_MS = 50;
/** A page that stood still meanwhile saw no finger: no more than this of a gap counts [ms]. */
const MOST_MS = 200;
/** Two presses further apart than this are two times one [ms]. */
const TWICE_MS = 5000;
const KEYS = new Set(["Enter", " "]);

/**
 * Calls `done` once `button` was held for `hold_s`; its custom property --held goes from 0 to 1 meanwhile.
 * Who cannot hold (a screen reader clicks) presses twice; `twice`: so may keys. `again` is called after the first press. `signal` ends it.
 */
export class Hold {
  #since = null;
  #held_ms = 0;
  #pressed_ms = -Infinity;
  #timer = 0;
  #fired = false;

  constructor(button, hold_s, done, { twice = false, again = () => {}, signal } = {}) {
    Object.assign(this, { button, hold_s, done, twice, again });
    const on = (kind, does) => button.addEventListener(kind, does, { signal });
    on("pointerdown", (event) => this.#finger(event));
    for (const kind of ["pointerup", "pointercancel", "pointerleave", "blur"]) on(kind, () => this.release());
    on("keydown", (event) => this.#key(event));
    on("keyup", (event) => this.#lift(event));
    on("click", (event) => { if (event.detail === 0) this.#press(); });
    signal?.addEventListener("abort", () => this.release());
  }

  #finger(event) {
    if (event.pointerType === "mouse" && event.button !== 0) return;
    // A finger that slides off lets go; touch would else hold on to the button wherever it goes.
    if (this.button.hasPointerCapture?.(event.pointerId)) this.button.releasePointerCapture(event.pointerId);
    this.#begin();
  }

  #key(event) {
    if (!KEYS.has(event.key)) return;
    event.preventDefault(); // else the key clicks as well
    if (!event.repeat) this.#begin();
  }

  #lift(event) {
    if (!KEYS.has(event.key)) return;
    event.preventDefault();
    const short = this.#since !== null;
    this.release();
    if (short && this.twice && !this.#fired) this.#press();
  }

  #begin() {
    this.release();
    this.#fired = false;
    this.#since = performance.now();
    this.#timer = setInterval(() => this.#step(), STEP_MS);
  }

  #step() {
    const now = performance.now();
    this.#held_ms += Math.min(now - this.#since, MOST_MS);
    this.#since = now;
    if (document.hidden) this.release();
    else if (this.#held_ms >= this.hold_s * 1000) this.#fire();
    else this.#show();
  }

  #press() {
    const now = performance.now();
    if (now - this.#pressed_ms <= TWICE_MS) { this.#fire(); return; }
    this.#pressed_ms = now;
    this.again();
  }

  #fire() {
    this.#fired = true;
    this.#pressed_ms = -Infinity;
    this.release();
    this.done();
  }

  #show() {
    this.button.style.setProperty("--held", Math.min(1, this.#held_ms / 1000 / this.hold_s).toFixed(3));
  }

  /** Let go: what was held so far does not count. */
  release() {
    clearInterval(this.#timer);
    this.#since = null;
    this.#held_ms = 0;
    this.#show();
  }
}
