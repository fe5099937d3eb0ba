// The session itself: counts in, plays, and carries out what the runner, the spotter and the rules of safety say.
// Makes nothing up: what is asked of the runner is the player's, what may not go on is coach-safety.js's.

import { keepToItself } from "./coach-alone.js";
import { at, words } from "./coach-page.js";
import { Marks } from "./coach-marks.js";
import { Played } from "./coach-played.js";
import { Recorder } from "./coach-recorder.js";
import { Screen } from "./coach-screen.js";
import { Sight } from "./coach-sight.js";
import { toldToSpotter } from "./coach-told.js";
import { Watch } from "./coach-watch.js";

/** Somebody who pressed Begin has so long to put the phone where it belongs [s]; the last three are heard. */
const COUNT_IN_S = 5, HEARD_S = 3;
/** Whoever the runner calls to a halt. */
const BY = { you: "runner", spotter: "spotter" };

const root = document.getElementById("live");
const STEP_MS = 100;

/** One session. Events: done {run, played, ended}; cancelled {}: it was called off before it began. */
export class Run extends EventTarget {
  constructor(kit, { walking = false, continued = null } = {}) {
    super();
    Object.assign(this, { kit, continued, walking: continued?.walking ?? walking, status: "idle" });
    const what = this.walking ? kit.session.walking : kit.session;
    this.guide = continued?.guide ?? what.guide;
    this.ribbon = what.ribbon;
    this.seconds = new Played(continued?.played);
    this.off = new AbortController();
    this.why = null;
    this.cue = null;
    this.unstopped = false;
  }

  get now_ms() { return performance.timeOrigin + performance.now(); }

  /** What is asked now; whoever is counted in for a beginning backward stands. */
  get piece() {
    const { guide, piece } = this.player;
    return piece < 0 ? { ...guide.pieces[0], state: "stand", doing: "stand", room_s: null, room_m: null } : guide.pieces[piece];
  }

  /** Inside the tap: sound, sensors and the screen's lock are asked for before anything is waited for. */
  async begin() {
    const { kit, guide } = this;
    kit.voice.guide = guide;
    const woken = kit.voice.wake();
    if (!kit.check.asked) kit.senses.ask({ position: !guide.safety.treadmill });
    kit.awake.hold();
    this.let_go = keepToItself({ signal: this.off.signal, title: kit.session.asks, leave: words.leave }, {
      pause: () => this.player.pause(),
      play: () => this.player.state === "paused" && this.goOn(),
      stop: () => this.stop("you"),
    });
    at("live", words.title_live);
    this.player = kit.voice.make(true);
    this.screen = new Screen(root, { guide, ribbon: this.ribbon });
    this.watch = new Watch(this, { spotter: this.spotterIs });
    await this.record();
    await woken;
    this.wire();
    if (await this.countIn()) this.start();
    else this.cancel();
  }

  /** Whether a spotter must or may look out: whoever was linked once is missed when they go. */
  get spotterIs() {
    if (this.walking) return "none";
    if (this.guide.safety.spotter_required) return "required";
    return this.kit.invite.ever ? "optional" : "none";
  }

  async record() {
    const { kit, guide, continued } = this;
    const { day, who } = kit.session;
    this.run = continued ?? (await kit.keep.beginRun({ id: kit.id, day, person: who, guide, walking: this.walking }));
    this.recorder = new Recorder(kit.keep, this.run, kit.senses);
    this.recorder.addEventListener("trouble", ({ detail }) => { this.trouble = detail.why; });
    this.marks = new Marks(this.recorder, guide, { continued: Boolean(continued) });
    this.recorder.start();
    this.sight = new Sight(this, kit.session.motion);
    kit.senses.start({ position: !guide.safety.treadmill });
    this.marks.begin();
  }

  /** Whether it came to its end: STOP calls the session off. */
  async countIn() {
    if (this.guide.starts_s < 0 && !this.continued) return true; // its own first cues count in
    const begins_ms = performance.now() + COUNT_IN_S * 1000;
    let heard = HEARD_S + 1;
    while (!this.off.signal.aborted) {
      const left_s = (begins_ms - performance.now()) / 1000;
      if (left_s <= 0) break;
      if (left_s <= heard - 1) {
        heard -= 1;
        this.player.sound("count");
      }
      this.screen.show({ ...this.shown, status: "running", position_s: -left_s });
      await new Promise((over) => setTimeout(over, STEP_MS));
    }
    return !this.off.signal.aborted;
  }

  start() {
    this.status = "running";
    if (this.continued) this.player.start(this.continued.position_s ?? 0);
    else this.player.start();
    this.watch.turn();
  }

  // -- what happens ------------------------------------------------------------------------------------------------------

  wire() {
    const { player, screen, kit } = this, { signal } = this.off;
    const on = (target, name, does) => target?.addEventListener(name, ({ detail }) => does(detail ?? {}), { signal });
    on(player, "state", (detail) => this.changed(detail));
    on(player, "piece", (detail) => this.entered(detail));
    on(player, "cue", (detail) => { this.cue = detail.cue; this.marks.cue(detail); this.draw(); });
    on(player, "late", ({ cue, by_s }) => this.marks.late(cue, by_s));
    on(player, "audio", ({ ok }) => { this.marks.mark("sound", { ok }); this.watch.learn("sound", ok); });
    on(player, "stall", ({ seconds }) => { this.marks.mark("gap", { stream: "clock", seconds }); this.watch.learn("stall", seconds); });
    on(player, "tick", () => this.watch.turn());
    for (const name of ["hidden", "position", "position-lost", "belt", "battery"]) {
      on(kit.senses, name, (detail) => this.watch.learn(name, name === "hidden" ? detail.hidden : detail));
    }
    on(kit.awake, "held", (detail) => { this.marks.mark("awake", detail); this.watch.learn("awake", detail.held); });
    on(kit.invite, "link", ({ alive }) => { this.marks.mark("link", { alive }); this.watch.learn("link", alive); });
    on(kit.invite.spotter, "stop", (detail) => this.shouted(detail));
    this.hear(screen, on);
    if (kit.invite.spotter) this.watch.learn("link", kit.invite.spotter.linked);
    this.watch.learn("awake", kit.awake.held);
    this.watch.learn("sound", kit.voice.context?.state === "running");
  }

  hear(screen, on) {
    const { player } = this;
    on(screen, "stop", () => this.stop("you"));
    on(screen, "pause", () => player.pause());
    on(screen, "resume", () => this.goOn());
    on(screen, "skip", () => this.skip());
    on(screen, "extend", ({ seconds }) => this.extend(seconds));
    on(screen, "end", () => (this.status === "idle" ? this.off.abort() : player.end()));
  }

  /** Latched, and loud; before anything was begun it only calls it off. */
  stop(why) {
    if (this.status === "idle") { this.off.abort(); return; }
    this.player.stop(why);
  }

  skip() {
    const { player, player: { position_s: from_s } } = this;
    if (player.skip()) this.marks.mark("skip", { from_s, position_s: player.position_s });
    this.atStop();
  }

  extend(seconds) {
    const { player } = this;
    if (player.extend(seconds)) this.marks.mark("extend", { seconds, position_s: player.position_s });
    this.draw();
    this.atStop();
  }

  /** The space bar stops, whatever was pressed last. */
  atStop() {
    root.querySelector(".halt").focus({ preventScroll: true });
  }

  goOn() {
    this.watch.note("went_on", null);
    if (this.player.resume()) this.kit.invite.spotter?.went_on();
  }

  shouted({ id, at_ms }) {
    this.marks.mark("shout", { id, spotter_ms: at_ms });
    this.watch.learn("shout", true);
    this.stop("spotter");
    this.kit.invite.spotter.stopped(id);
  }

  /** The belt was told to stop and did not say that it does. */
  beltRunsOn() {
    this.unstopped = true;
    this.draw();
  }

  changed({ state, why, position_s, at_ms }) {
    const was = this.status;
    this.status = state;
    this.unstopped = false;
    this.why = state === "stopped" ? why : null;
    this.seconds.now(state === "running" ? this.piece.state : null);
    this.sight.ask(state === "running" ? this.piece.state : null);
    if (state === "stopped") this.watch.note("stop", why);
    if (!this.watch.giving_up) this.marks.state(state, was, { why: why && (BY[why] ?? why), position_s }, at_ms);
    if (state === "stopped") navigator.vibrate?.([400, 100, 400, 100, 400]);
    this.keepPlace();
    if (state === "done") this.over();
    else this.draw();
  }

  entered({ index, position_s, at_ms }) {
    const piece = this.player.guide.pieces[index];
    this.seconds.now(this.status === "running" ? piece.state : null);
    this.sight.ask(this.status === "running" ? piece.state : null);
    this.marks.piece(index, piece, position_s, at_ms);
    this.watch.learn("piece", index);
    this.keepPlace();
  }

  /** Where it is, so that a session that is cut off can go on. */
  keepPlace() {
    const { reverse_s, whole_s } = this.seconds;
    this.kit.keep.changeRun(this.run.id, { position_s: this.player.position_s, played: { reverse_s, whole_s } });
  }

  // -- what is seen ------------------------------------------------------------------------------------------------------

  get shown() {
    const { player, kit, watch: { verdict } } = this;
    const { spotter } = kit.invite;
    return {
      state: this.piece.state,
      piece: player.piece,
      position_s: player.position_s,
      left_s: player.left_s,
      status: this.status,
      why: this.why,
      unstopped: this.unstopped,
      cue: this.cue,
      spotter: kit.invite.ever ? { linked: spotter.linked, name: kit.invite.names[0] ?? "" } : null,
      sound: this.status === "idle" ? undefined : player.audible,
      warnings: [...new Set([...verdict.warnings, ...(this.trouble ? ["recorder"] : [])])].map((key) => ({ key })),
      seen: this.sight.shown,
    };
  }

  draw() {
    if (this.status === "idle") return;
    this.screen.show(this.shown);
    this.kit.invite.spotter?.tell(toldToSpotter(this));
  }

  // -- its end -----------------------------------------------------------------------------------------------------------

  async over() {
    const ended = this.player.position_s >= this.guide.ends_s;
    this.draw();
    await this.close();
    const { reverse_s, whole_s } = this.seconds;
    this.dispatchEvent(new CustomEvent("done", { detail: { run: this.run, played: { reverse_s, whole_s }, ended } }));
  }

  /** Nothing was done: nothing is kept. */
  async cancel() {
    await this.close();
    if (!this.continued) await this.kit.keep.forgetRun(this.run.id).catch(() => {});
    this.dispatchEvent(new CustomEvent("cancelled"));
  }

  async close() {
    this.off.abort();
    this.screen.close();
    this.kit.awake.release();
    await this.recorder.stop();
    this.kit.senses.stop();
    if (this.status === "done") this.kit.invite.spotter?.over().catch(() => {}); // its address ends by itself, too
    this.let_go();
  }
}
