// After: what was played, how the recording gets to the server, and the one thing to do next.

import { at, clock, factOf, fill, onPress, partsOf, tell, words } from "./coach-page.js";
import { whyNot } from "./coach-send.js";

const root = document.getElementById("after");

export class After {
  /** @param {{run, played: {reverse_s, whole_s}, ended: boolean}} done  @param {Sender} sender */
  constructor({ run, played, ended }, sender) {
    Object.assign(this, { run, sender, part: partsOf(root) });
    at("after", ended ? words.title_after : words.title_part);
    document.getElementById("title").focus();
    const { reverse_s, whole_s } = played;
    const facts = [[clock(reverse_s), words.backward], [clock(whole_s), words.in_all]];
    this.part.played.replaceChildren(...facts.map(([value, name]) => factOf({ value, words: name })));
    this.part.log.href = `/log/${run.day}`;
    onPress(root, { again: () => this.send() });
    addEventListener("online", () => this.waits && this.send());
    document.addEventListener("visibilitychange", () => this.waits && !document.hidden && this.send());
    this.send();
  }

  async send() {
    if (this.busy) return;
    this.busy = true;
    this.waits = false;
    root.querySelector("[data-do=again]").hidden = true;
    this.part.progress.hidden = false;
    tell(this.part.state, words.sending);
    const outcome = await this.sender.send(this.run.id, (progress) => this.progress(progress));
    this.busy = false;
    if (outcome.why) this.kept(outcome); else this.arrived(outcome);
  }

  progress({ sent, of, whole }) {
    this.part.progress.max = of;
    this.part.progress.value = sent;
    tell(this.part.state, whole ? words.working : fill("sent_parts", { done: sent, parts: of }));
  }

  /** It stays on this phone: the log can be told all the same, once the server is there. */
  kept(outcome) {
    this.waits = true;
    this.part.progress.hidden = true;
    tell(this.part.state, whyNot(outcome));
    root.querySelector("[data-do=again]").hidden = false;
    this.part.then.textContent = words.tell_later;
  }

  arrived({ session, log, told }) {
    this.part.sending.hidden = true;
    tell(this.part.told, told);
    if (log) this.part.log.href = log;
    this.part.session.hidden = !session;
    if (session) this.part.session.href = session;
    this.part.then.textContent = words.tell_now;
  }
}
