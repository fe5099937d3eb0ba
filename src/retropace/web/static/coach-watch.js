// Watches over a session while it runs: tells coach-safety.js every fact, and carries out what it says.

import { Glances } from "./coach-glances.js";
import { begin, judge, note } from "./coach-safety.js";
import { walkInstead } from "./coach-spared.js";

/** Whether the next piece may go backward is decided so long before it [s]: until then a spotter may come back. */
const DECIDED_S = 4;

export class Watch {
  /** @param {Run} run whose player, screen and marks it uses @param {{spotter: "required"|"optional"|"none"}} who */
  constructor(run, who) {
    this.run = run;
    this.memory = begin(run.guide, who);
    this.verdict = { act: "go", why: null, warnings: [], glance: 1 };
    this.glances = new Glances(run.guide);
  }

  note(fact, value) {
    this.memory = note(this.memory, fact, value, this.run.now_ms);
  }

  /** A fact more, and what follows from it. */
  learn(fact, value) {
    this.note(fact, value);
    if (this.run.status === "running") this.turn();
  }

  turn() {
    const { run } = this;
    if (this.turning || run.off.signal.aborted) return;
    this.turning = true; // what is carried out tells of itself at once
    const { status, player } = run, before = this.verdict;
    this.verdict = judge(this.memory, { piece: player.piece, position_s: player.position_s, status }, run.now_ms);
    this.carryOut(this.verdict, before);
    this.turning = false;
    const look = this.glances.due(player, this.verdict.glance);
    if (look) this.look(look);
    run.draw();
  }

  carryOut({ act, why, warnings }, before) {
    if (act === "stop") this.run.stop(why);
    else if (act === "walk") this.giveUp(why);
    if (act !== "stop" && warnings.some((key) => !before.warnings.includes(key))) this.run.player.sound("lost");
  }

  /** No more of this backward piece, or nothing of the next: forward goes on. */
  giveUp(why) {
    const { run, run: { player, player: { position_s } } } = this;
    if (run.status !== "running") return;
    const backward = run.piece.state === "reverse";
    const index = player.piece + (backward ? 0 : 1);
    const soon = player.guide.pieces[index]?.start_s - position_s <= DECIDED_S;
    if (backward) this.walkOn(); else if (!soon || !this.walkNext(index)) return;
    this.note("walk", { piece: index, why });
    run.marks.mark("walk", { why, piece: index, position_s });
    this.memory = { ...this.memory, guide: { ...this.memory.guide, pieces: player.guide.pieces } };
    run.screen.guide = player.guide;
  }

  walkNext(index) {
    const { player } = this.run;
    return walkInstead(player, index) && (player.say(["walk forward"]) || player.sound("walk") || true);
  }

  /** A player that goes on after a pause goes on walking. */
  walkOn() {
    this.giving_up = true;
    this.run.player.pause();
    this.run.player.resume();
    this.giving_up = false;
  }

  /** A look more than the guide has. */
  look(cue) {
    const { run, run: { player } } = this;
    player.sound(`look_${cue.side}`);
    run.cue = cue;
    run.marks.cue({ cue, at_ms: run.now_ms, heard: player.audible });
  }
}
