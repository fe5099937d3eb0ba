// Before: the session, what to make sure of, and what is still missing, in one sentence each with the way to mend it.

import { factOf, fill, onPress, partsOf, rowOf, tell, words } from "./coach-page.js";

const root = document.getElementById("ready");
const bar = document.getElementById("beginning");

/** The screen before a session. Events: begin {walking}, missing. `sound` and `spotter` are told by their own cards. */
export class Ready extends EventTarget {
  constructor(session) {
    super();
    this.session = session;
    this.part = { ...partsOf(root), ...partsOf(bar) };
    this.heard = null;
    this.linked = false;
    this.has_all = false;
    this.draw();
    onPress(bar, { begin: () => this.begin(false), walk: () => this.begin(true) });
    root.addEventListener("change", () => this.judge());
  }

  draw() {
    const { session, part } = this;
    part.picture.innerHTML = session.picture;
    part.facts.replaceChildren(...session.facts.map(factOf));
    part.checks.replaceChildren(...session.checks.map(checkOf));
    part.ways.hidden = false;
    document.getElementById("over").textContent = session.over;
    document.getElementById("simulated").hidden = !session.simulated;
    this.judge();
  }

  // -- what is missing ---------------------------------------------------------------------------------------------------

  get unticked() {
    return [...root.querySelectorAll(".ticks input")].filter((box) => !box.checked);
  }

  /** Why it may not go backward, in one sentence and with what to do; "" where it may. */
  get missing() {
    const left = this.unticked.length;
    if (this.session.guide.safety.spotter_required && !this.linked) return words.needs_spotter;
    if (this.heard === false) return words.needs_sound;
    if (left) return left === 1 ? words.tick_left : fill("ticks_left", { n: left });
    return "";
  }

  judge() {
    const { part, missing } = this;
    part.missing.textContent = missing;
    bar.toggleAttribute("data-missing", Boolean(missing));
    bar.querySelector("[data-do=walk]").hidden = !missing;
  }

  hear(heard) {
    this.heard = heard;
    this.judge();
  }

  link(linked) {
    this.linked = linked;
    this.judge();
  }

  /** Begin goes on with a session that was cut off. */
  goOn() {
    this.part.begin.textContent = words.go_on;
    for (const box of root.querySelectorAll(".ticks input")) box.checked = false;
    this.judge();
    this.pointOut();
  }

  /** Everything that a session needs is there. */
  equipped() {
    this.has_all = true;
    this.judge();
  }

  begin(walking) {
    if (!this.has_all) {
      this.part.missing.textContent = words.on_its_way;
      return;
    }
    if (walking || !this.missing) {
      this.dispatchEvent(new CustomEvent("begin", { detail: { walking } }));
      return;
    }
    this.pointOut();
  }

  // To whatever is missing, so that one press shows what to do.
  pointOut() {
    const required = this.session.guide.safety.spotter_required && !this.linked;
    const card = required ? "#spotting button" : "#phone button:not([hidden])";
    const there = required || this.heard === false ? root.querySelector(card) : this.unticked[0];
    there?.focus();
    there?.scrollIntoView({ block: "center" });
  }
}

function checkOf(check) {
  const row = rowOf(root, "check");
  const part = partsOf(row);
  part.words.textContent = check.words;
  tell(part.how, check.how);
  row.querySelector("input").dataset.key = check.key;
  return row;
}
