// Once the session is shown: everything else it needs is made and wired to it.

import { After } from "./coach-after.js";
import { Awake } from "./coach-awake.js";
import { Check } from "./coach-check.js";
import { Invite } from "./coach-invite.js";
import { openKeep } from "./coach-keep.js";
import { at, later, tell, words } from "./coach-page.js";
import { Run } from "./coach-run.js";
import { Sender } from "./coach-send.js";
import { Senses } from "./coach-senses.js";
import { Spotter } from "./coach-spotter.js";
import "./offline.js";
import { Unsent } from "./coach-unsent.js";
import { Voice } from "./coach-voice.js";

/** @param {{session: object|null, ready: Ready|null, kept: boolean, known: {csrf, who, coming}}} found */
export async function follow({ session, ready, kept, known }) {
  const keep = await openKeep();
  if (session && !kept) await keep.keepGuide(session.day, session);
  const sender = new Sender(keep, known);
  const unsent = new Unsent(keep, sender);
  await unsent.show({ may_go_on: Boolean(ready) });
  if (ready) new Coach({ session, ready, keep, sender, unsent });
  if (!kept) keepNext(keep, known.coming);
  document.body.dataset.has = "all";
  performance.mark("all");
  import("./coach-motion.js").catch(() => {}); // there before the network may be gone; without it nothing is seen
}

/** The next session too: it may be begun where no network reaches. */
async function keepNext(keep, day) {
  if (!day) return;
  const answer = await fetch(`/coach/session.json?day=${day}`).catch(() => null);
  if (answer?.ok) await keep.keepGuide(day, await answer.json());
}

class Coach {
  constructor({ session, ready, keep, sender, unsent }) {
    const { safety, rules } = session.guide;
    Object.assign(this, { session, ready, keep, sender, unsent, id: identity() });
    this.senses = new Senses();
    this.awake = new Awake();
    this.voice = new Voice(session);
    const { voice, senses, awake } = this;
    this.check = new Check({ voice, senses, awake, keep, treadmill: safety.treadmill });
    const make = () => new Spotter({ run: this.id, csrf: session.csrf, rules });
    this.invite = new Invite({ required: safety.spotter_required, make });
    this.check.addEventListener("heard", ({ detail }) => ready.hear(detail.heard));
    this.invite.addEventListener("link", ({ detail }) => ready.link(detail.alive));
    unsent.addEventListener("goon", ({ detail }) => this.goOn(detail));
    ready.addEventListener("begin", ({ detail }) => this.begin(detail));
    this.listen();
    ready.equipped();
  }

  /** A session that was cut off: the five things are made sure of again, then Begin goes on with it. */
  goOn({ run, part }) {
    this.continued = run;
    this.id = run.id;
    tell(part.said, words.go_on_how);
    this.ready.goOn();
  }

  begin({ walking }) {
    if (this.run) return;
    this.unsent.clear();
    this.run = new Run(this, { walking, continued: walking ? null : this.continued });
    this.run.addEventListener("done", ({ detail }) => new After(detail, this.sender));
    this.run.addEventListener("cancelled", () => this.again());
    this.run.begin();
    this.straps?.follow(this.run);
  }

  again() {
    this.run = null;
    at("ready", this.session.asks);
    this.ready.judge();
  }

  /** Straps, pods and treadmills, where the browser can hear them. */
  async listen() {
    const address = later.find((one) => one.endsWith("/coach-straps.js"));
    if (!address || !Senses.able().bluetooth) return;
    const { Straps } = await import(address);
    const { guide, settings } = this.session;
    this.straps = new Straps({ senses: this.senses, safety: guide.safety, system: settings.system });
    this.straps.addEventListener("unstopped", () => this.run?.beltRunsOn());
  }
}

/** A name for a run that nobody can guess: a spotter's address is made for it before it is begun. */
function identity() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}
