// What happened to a session, as marks in what is recorded: the truth of what was asked of the runner, and when.

const NAMES = { paused: "pause", stopped: "stop", done: "end" };

export class Marks {
  constructor(recorder, guide, { continued }) {
    Object.assign(this, { recorder, guide, continued });
  }

  mark(name, detail, at_ms) {
    this.recorder.mark(name, detail, at_ms);
  }

  /** The first mark: what phone, which guide. */
  begin() {
    if (this.continued) return;
    const { platform = navigator.platform } = navigator.userAgentData ?? {};
    const { width, height } = screen;
    this.mark("begin", {
      platform,
      agent: navigator.userAgent,
      screen: `${width}x${height} ${screen.orientation?.type ?? ""}`.trim(),
      guide_name: this.guide.name,
      offset_min: -new Date().getTimezoneOffset(),
    });
  }

  state(state, was, { why, position_s }, at_ms) {
    const from = this.continued ? "cut" : was;
    if (state === "running" && ["paused", "stopped", "cut"].includes(from)) this.mark("resume", { from, position_s }, at_ms);
    if (state === "running") this.continued = false;
    if (NAMES[state]) this.mark(NAMES[state], { why, position_s }, at_ms);
  }

  piece(index, { state, step, repeat, of }, position_s, at_ms) {
    this.mark("piece", { index, state, step, repeat, of, position_s }, at_ms);
  }

  cue({ cue, at_ms, heard }) {
    this.mark("cue", { key: cue.key, kind: cue.kind, side: cue.side, position_s: cue.at_s, heard }, at_ms);
  }

  /** A cue that came too late to be given. */
  late(cue, late_s) {
    this.mark("cue", { key: cue.key, kind: cue.kind, side: cue.side, position_s: cue.at_s, heard: false, late_s });
  }
}
