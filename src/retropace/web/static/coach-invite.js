// A spotter's phone: an address as a square and as a link, and whether somebody is there.

import { fill, onPress, partsOf, tell, words } from "./coach-page.js";

const card = document.getElementById("spotting");

/** Events: link {alive}. `make` gives the run's Spotter; it is made once somebody is invited. */
export class Invite extends EventTarget {
  constructor({ required, make }) {
    super();
    this.make = make;
    this.part = partsOf(card);
    this.names = [];
    this.ever = false;
    card.hidden = false;
    card.classList.toggle("needed", required);
    this.button = card.querySelector("[data-do=invite]");
    this.button.textContent = words.invite;
    card.querySelector("[data-do=share]").hidden = !navigator.share;
    onPress(card, { invite: () => this.invite(), share: () => this.share(), copy: (event) => this.copy(event) });
  }

  async invite() {
    this.button.disabled = true;
    try {
      this.spotter ??= this.listen(this.make());
      this.show(await this.spotter.invite());
    } catch (error) {
      this.part.state.textContent = fill("no_invite", { why: error.message.startsWith("spotter: ") ? words.refused_link : words.no_network });
    }
    this.button.disabled = false;
  }

  show({ url, qr, reachable }) {
    this.url = url;
    this.part.qr.innerHTML = qr;
    this.part.link.value = url;
    this.part.invited.hidden = false;
    this.button.textContent = words.invite_anew;
    this.spotter.open();
    this.part.state.textContent = reachable === false ? words.unreachable : words.invited;
  }

  listen(spotter) {
    spotter.addEventListener("link", ({ detail }) => this.linked(detail.alive));
    spotter.addEventListener("spotters", ({ detail }) => { this.names = detail.names; });
    return spotter;
  }

  linked(alive) {
    this.ever ||= alive;
    tell(this.part.state, alive ? words.linked : words.unlinked);
    card.classList.toggle("linked", alive);
    this.part.invited.hidden = alive;
    this.dispatchEvent(new CustomEvent("link", { detail: { alive } }));
  }

  share() {
    navigator.share({ title: words.share_title, text: words.share_text, url: this.url }).catch(() => {}); // closed again
  }

  async copy({ target }) {
    try {
      await navigator.clipboard.writeText(this.url);
      target.closest("button").textContent = words.copied;
    } catch {
      this.part.link.select();
    }
  }
}
