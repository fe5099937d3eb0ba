// Straps: the card of Bluetooth devices, and what a treadmill is told while a session runs: stopped with every stop, and
// slowed to the limit on the way backward where somebody said that it may be.

import { Bluetooth } from "./coach-bluetooth.js";
import { fill, onPress, partsOf, rowOf, tell, words } from "./coach-page.js";

const card = document.getElementById("bluetooth");
/** A belt that is too fast is told again after this time at the earliest [ms]: it takes a few seconds to slow down. */
const TOLD_AGAIN_MS = 3000;
const KMH = 3.6, MILE_KM = 1.609344;

/** Events: unstopped {why}: a belt was told to stop and did not say that it does. */
export class Straps extends EventTarget {
  #told_ms = -Infinity;

  constructor({ senses, safety, system, bluetooth = new Bluetooth(senses, { safety }) }) {
    super();
    Object.assign(this, { bluetooth, system, part: partsOf(card), run: null });
    card.hidden = false;
    onPress(card, { pair: () => this.pair() });
    this.part.allow.addEventListener("change", () => this.allow(this.part.allow.checked));
    bluetooth.addEventListener("device", () => this.draw());
    bluetooth.addEventListener("treadmill", () => this.draw());
    senses.addEventListener("belt", ({ detail }) => this.felt(detail));
  }

  async pair() {
    const why = await this.bluetooth.pair().then(() => null, (error) => error.why ?? "failed");
    tell(this.part.state, why ? words[`strap_${why}`] : "");
    this.draw();
  }

  async allow(yes) {
    const { part } = this, { done, why } = (await this.bluetooth.treadmill?.allow(yes)) ?? { done: !yes, why: "lost" };
    part.allow.checked = yes && done;
    if (!done) this.bluetooth.treadmill?.allow(false);
    tell(part.refused, done ? "" : words[`belt_${why}`] ?? words.belt_refused);
  }

  draw() {
    const { part } = this, { treadmill } = this.bluetooth;
    part.devices.replaceChildren(...this.bluetooth.devices.map(row));
    part.belt.hidden = !treadmill;
    if (!treadmill) return;
    const kmh = treadmill.highest_kmh;
    const limit = this.system === "imperial" ? fill("belt_mph", { mph: (kmh / MILE_KM).toFixed(1) }) : fill("belt_kmh", { kmh });
    tell(part.limit, kmh === null ? words.belt_no_limit : fill("belt_limit", { limit }));
    part.allow.disabled = kmh === null;
  }

  /** From now on this session's stops are the belt's. */
  follow(run) {
    this.run = run;
    run.player.addEventListener("state", ({ detail }) => { if (detail.state === "stopped") this.stop(); });
  }

  async stop() {
    const failed = (await this.bluetooth.stop()).filter(({ done, why }) => !done && why !== "superseded");
    for (const { why } of failed) this.dispatchEvent(new CustomEvent("unstopped", { detail: { why } }));
  }

  /** A belt faster than the limit on the way backward is slowed, where that was allowed. */
  felt(detail) {
    const { run } = this, { treadmill } = this.bluetooth;
    if (run?.status !== "running") return;
    const limit = treadmill?.allowed && run.piece.state === "reverse" ? treadmill.highest_kmh : null;
    if (limit === null || !(detail.speed_mps * KMH > limit) || performance.now() - this.#told_ms < TOLD_AGAIN_MS) return;
    this.#told_ms = performance.now();
    treadmill.speed(limit);
  }
}

function row({ name, kinds, connected }) {
  const made = rowOf(card, "device"), part = partsOf(made);
  part.name.textContent = name || words.strap_unnamed;
  part.state.textContent = connected ? words.strap_connected : words.strap_away;
  part.state.className = `state ${connected ? "granted" : "absent"}`;
  part.kinds.textContent = kinds.map((kind) => words[`strap_${kind}`]).join(", ");
  return made;
}
