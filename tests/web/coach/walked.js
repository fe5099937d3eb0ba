// Walks through a guide by lists of actions, each on a clock and an audio graph made for it: what was told, where it was before
// and after each action, and what sounded from when to when [ms of the clock].
async ([address, asked]) => {
  const { Player } = await import(address);
  const { guide, walks, silent, clips } = JSON.parse(asked);
  return JSON.stringify(walks.map(walked));

  function walked(actions) {
    let now = 5000;
    let asleep_ms = 0;
    let timers = [];
    const clock = {
      origin: 0,
      now: () => now,
      wall: () => now + asleep_ms,
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
    class Speaker extends Node {
      start(at, offset_s, lasts_s) { sounds.push({ from: at * 1000, to: (at + lasts_s) * 1000, offset_s }); }
      stop() {}
    }
    const context = silent ? null : Object.assign(new EventTarget(), {
      state: "running",
      createGain: () => new Node(),
      createStereoPanner: () => new Node(),
      createOscillator: () => new Oscillator(),
      createBufferSource: () => new Speaker(),
      resume: async () => {},
    });
    if (context) Object.defineProperty(context, "currentTime", { get: () => now / 1000 });
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
      else if (action === "sleep") asleep_ms += value;
      else if (action === "give") made.give({}, clips);
      else did = made[action](value);
      return { action, value, ms, did, before, after: where() };
    });
    return { events, told, sounds: sounds.filter((sound) => sound.to > sound.from) };
  }
}
