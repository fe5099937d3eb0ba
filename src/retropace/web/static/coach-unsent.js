// Sessions that are still on this phone: cut off in the middle, or not sent yet. Each is offered first, with its ways on.

import { SESSION, dayWords, fill, onPress, partsOf, tell, today, words } from "./coach-page.js";
import { whyNot } from "./coach-send.js";

/** A session that was cut off longer ago is not gone on with [ms]: whoever rested that long begins anew. */
const GO_ON_MS = 2 * 3600 * 1000;
const place = document.getElementById("unsent");

/** Whether a session runs in another page of this browser: what it records is not touched. */
export async function runsElsewhere() {
  const { held = [] } = (await navigator.locks?.query()) ?? {};
  return held.some((lock) => lock.name === SESSION);
}

/** Shows the runs that are still here. Events: goon {run}. */
export class Unsent extends EventTarget {
  constructor(keep, sender) {
    super();
    Object.assign(this, { keep, sender, cards: new Map() });
  }

  async show({ may_go_on }) {
    const runs = await this.keep.runs();
    const elsewhere = await runsElsewhere();
    for (const run of runs.filter((one) => one.state === "ended" || (one.state === "open" && !elsewhere))) {
      if (await this.empty(run)) await this.keep.forgetRun(run.id).catch(() => {});
      else this.card(run, may_go_on && this.mayGoOn(run));
    }
    this.sender.always((outcomes) => this.told(outcomes));
  }

  async empty(run) {
    const tail = await this.keep.tail(run.id).catch(() => null);
    return tail !== null && Object.values(tail).every((chunks) => chunks === 0);
  }

  mayGoOn(run) {
    const place_s = run.position_s ?? 0;
    return run.state === "open" && run.day === today() && Date.now() - run.began_ms < GO_ON_MS && place_s < (run.guide?.ends_s ?? 0);
  }

  card(run, goes_on) {
    const card = document.getElementById("unsent-row").content.firstElementChild.cloneNode(true);
    const part = partsOf(card);
    const cut = run.state === "open";
    part.what.textContent = fill(cut ? "unended" : "unsent", { day: dayWords(run.day) });
    tell(part.how, goes_on ? words.unended_how : cut ? words.unended_send : "");
    card.querySelector("[data-do=goon]").hidden = !goes_on;
    tell(part.said, "");
    part.sure.querySelector("b").textContent = fill("throw_sure", { day: dayWords(run.day) });
    const ask = (sure) => { part.sure.hidden = !sure; card.querySelector(sure ? "[data-do=keep]" : "[data-do=throw]").focus(); };
    onPress(card, {
      send: () => this.send(run, part),
      goon: () => this.dispatchEvent(new CustomEvent("goon", { detail: { run, part } })),
      throw: () => ask(true),
      keep: () => ask(false),
      really: () => this.throwAway(run, card),
    });
    this.cards.set(run.id, { card, part });
    place.append(card);
  }

  async send(run, part) {
    tell(part.said, words.sending);
    if (run.state === "open") await this.keep.endRun(run.id);
    const progress = ({ sent, of, whole }) => tell(part.said, whole ? words.working : fill("sent_parts", { done: sent, parts: of }));
    this.outcome(run.id, await this.sender.send(run.id, progress));
  }

  told(outcomes) {
    for (const [id, outcome] of Object.entries(outcomes)) this.outcome(id, outcome);
  }

  outcome(id, outcome) {
    const { card, part } = this.cards.get(id) ?? {};
    if (!card) return;
    tell(part.said, outcome.why ? whyNot(outcome) : outcome.told || words.sent);
    if (outcome.why) return;
    tell(part.how, "");
    const [ways] = card.querySelectorAll(".btns");
    ways.replaceChildren(...[[outcome.log, words.tell], [outcome.session, words.see_session]].filter(([path]) => path).map(wayTo));
  }

  async throwAway(run, card) {
    await this.keep.forgetRun(run.id).catch(() => {});
    this.cards.delete(run.id);
    card.replaceChildren(Object.assign(document.createElement("p"), { textContent: words.thrown, tabIndex: -1 }));
    card.firstElementChild.focus();
  }

  /** Take the cards away: a session begins. */
  clear() {
    place.replaceChildren();
    this.cards.clear();
  }
}

function wayTo([href, text]) {
  return Object.assign(document.createElement("a"), { href, textContent: text, className: "btn" });
}
