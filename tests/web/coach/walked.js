// Walks through a guide by a list of actions, on a clock and an audio graph made for it: what was told, where it was before and
// after each action, and what sounded from when to when [ms of the clock].
async ({ player, guide, actions }) => {
  const { Player } = await import(player);
  let now = 5000;
  let timers = [];
  const clock = {
    origin: 0,
    now: () => now,
    wall: () => now,
    after: (ms, then) => { timers.push({ at: now + ms, then }); return timers.at(-1); },
    forget: (timer) => { timers = timers.filter((one) => one !== timer); },
  };
  const pass = (ms) => {
    const until = now + ms;
    for (;;) {
      const next = timers.toSorted((one, other) => one.at - other.at)[0];
      if (!next || next.at > until) break;
      clock.forget(next);
      now = Math.max(now, next.at);
      next.then();
    }
    now = until;
  };
  const sounds = [];
  class Node extends EventTarget {
    gain = { setValueAtTime() {}, linearRampToValueAtTime() {} };
    pan = {};
    frequency = {};
    into = [];
    connect(to) { to.into?.push(this); return to; }
    disconnect() { for (const one of this.into) one.disconnect(); }
  }
  class Oscillator extends Node {
    start(at) { this.sound = { hz: this.frequency.value, from: at * 1000, to: Infinity }; sounds.push(this.sound); }
    stop(at = now / 1000) { this.sound.to = Math.min(this.sound.to, at * 1000); }
    disconnect() { this.stop(); }
  }
  const context = Object.assign(new EventTarget(), {
    state: "running",
    createGain: () => new Node(),
    createStereoPanner: () => new Node(),
    createOscillator: () => new Oscillator(),
    resume: async () => {},
  });
  Object.defineProperty(context, "currentTime", { get: () => now / 1000 });
  const made = new Player(context, new Node(), { clock });
  made.load(guide);
  const events = [];
  for (const name of ["state", "piece", "cue", "late", "audio", "stall"]) {
    made.addEventListener(name, ({ detail }) => events.push({ name, ms: now, ...detail }));
  }
  const where = () => ({ position_s: made.position_s, piece: made.piece, left_s: made.left_s, state: made.state });
  const told = actions.map(([action, value]) => {
    const [before, ms] = [where(), now];
    let did = true;
    if (action === "pass") pass(value);
    else if (action === "block") now += value;
    else did = made[action](value);
    return { action, value, ms, did, before, after: where() };
  });
  return { events, told, sounds: sounds.filter((sound) => sound.to > sound.from) };
}
