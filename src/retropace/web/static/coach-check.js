// The phone, by one tap: sound left, right and a word, then what the coach may use, each with what it means and how to mend it.

import { onPress, partsOf, rowOf, tell, words } from "./coach-page.js";
import { Senses } from "./coach-senses.js";
import { Voice } from "./coach-voice.js";

const card = document.getElementById("phone");

/** Events: heard {heard}. `asked` is true once the phone was asked for its sensors. */
export class Check extends EventTarget {
  constructor({ voice, senses, awake, keep, treadmill }) {
    super();
    Object.assign(this, { voice, senses, awake, keep, treadmill, asked: false });
    this.part = partsOf(card);
    this.able = Senses.able();
    tell(this.part.insecure, this.able.secure ? "" : words.insecure);
    onPress(card, { check: () => this.check(), heard: () => this.hear(true), unheard: () => this.hear(false) });
    card.querySelector("[data-do=check]").disabled = false;
    this.kept();
  }

  async kept() {
    const { durable } = await this.keep.estimate();
    this.part.keeps.textContent = durable ? words.keeps : words.keeps_not;
  }

  /** Everything that needs the tap begins before anything is waited for. */
  async check() {
    const button = card.querySelector("[data-do=check]");
    button.textContent = words.check_again;
    tell(this.part.first, "");
    const woken = this.voice.wake();
    const asked = this.senses.ask({ position: !this.treadmill });
    const held = this.able.wakelock ? this.awake.hold() : null;
    const shaken = this.able.vibrate && navigator.vibrate(120);
    this.asked = true;
    this.rows(["sound", "motion", ...(this.treadmill ? [] : ["position"]), "awake", "vibration"]);
    this.say("vibration", shaken ? "granted" : "absent");
    this.hold(held);
    this.felt(asked);
    await this.sound(woken);
  }

  async hold(held) {
    this.say("awake", held === null ? "absent" : (await held) ? "granted" : "denied");
    this.awake.release();
  }

  async felt(asked) {
    const { motion, orientation, position } = await asked;
    this.say("motion", motion === "granted" || orientation === "granted" ? "granted" : motion);
    if (!this.treadmill) this.say("position", position);
  }

  async sound(woken) {
    if (!(await woken)) {
      this.say("sound", Voice.able() ? "unheard" : "absent");
      this.told(false);
      return;
    }
    await this.voice.check();
    this.part.ask.hidden = false;
    card.querySelector("[data-do=heard]").focus();
  }

  hear(heard) {
    this.part.ask.hidden = true;
    this.say("sound", heard ? "heard" : "unheard");
    card.querySelector("[data-do=check]").focus();
    this.told(heard);
  }

  told(heard) {
    this.dispatchEvent(new CustomEvent("heard", { detail: { heard } }));
  }

  rows(names) {
    this.part.ask.hidden = true;
    this.part.senses.replaceChildren(...names.map((name) => {
      const row = rowOf(card, "sense");
      row.dataset.sense = name;
      return row;
    }));
    for (const name of names) this.say(name, "unknown");
  }

  /** A row: what it is, how it stands, and what that means or how it is mended. */
  say(name, state) {
    const row = partsOf(card.querySelector(`[data-sense=${name}]`));
    row.name.textContent = words[name];
    row.state.textContent = state === "unknown" ? "" : words[state];
    row.state.className = `state ${state}`;
    const bad = { denied: "denied", unheard: "denied", absent: "absent" }[state];
    tell(row.how, words[`${name}_${bad ?? "how"}`] ?? "");
  }
}
