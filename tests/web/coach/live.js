// Runs a guide live, and notes what the player tells, what the tap hears, and how the clocks of page and audio stand.
async ({ player, guide, tap }) => {
  const { Player } = await import(player);
  const context = new AudioContext();
  await context.resume();
  const heard = [];
  await context.audioWorklet.addModule(tap);
  const output = new AudioWorkletNode(context, "tap", { outputChannelCount: [2], channelCount: 2, channelCountMode: "explicit" });
  output.port.onmessage = ({ data }) => heard.push(data);
  output.connect(context.destination);
  const made = new Player(context, output);
  made.load(guide);
  const events = [];
  for (const name of ["state", "piece", "cue", "late", "audio", "stall"]) {
    made.addEventListener(name, ({ detail }) => events.push({ name, seen_ms: performance.timeOrigin + performance.now(), ...detail }));
  }
  const clocks = [];
  const note = () => {
    const { contextTime, performanceTime } = context.getOutputTimestamp();
    clocks.push([performance.timeOrigin + performance.now(), context.currentTime, performance.timeOrigin + performanceTime, contextTime]);
  };
  setInterval(note, 50);
  self.live = { made, context, told: () => ({ heard, events, clocks, state: made.state }) };
  return made.start();
}
