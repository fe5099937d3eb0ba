// Renders a whole guide, some seconds of it at a time, as the player schedules it, and finds each cue's first sample, what is heard on which side, and
// every sample that belongs to no cue. The voice is a hum, so that not even a quiet consonant is missed.
async ({ player, guide, clips, rate, begin_s, pause_s }) => {
  const AHEAD_S = 30;
  const { schedule } = await import(player);
  const seconds = guide.ends_s - guide.starts_s + begin_s + 5;
  const context = new OfflineAudioContext(2, Math.ceil(seconds * rate), rate);
  const ends_s = Math.max(...Object.values(clips).map(([offset_s, lasts_s]) => offset_s + lasts_s));
  const voice = context.createBuffer(1, Math.ceil(ends_s * rate) + 1, rate);
  voice.getChannelData(0).fill(0.3);
  let there = [];
  const place = (from_s) => {
    const at = begin_s + from_s - guide.starts_s;
    for (const { sound } of there) if (sound.over) sound.drop();
    there = [...there.filter(({ sound }) => !sound.over), ...schedule(context, context.destination, guide, { voice, clips, at, from_s, until_s: from_s + AHEAD_S })];
  };
  place(guide.starts_s);
  for (let from_s = guide.starts_s + AHEAD_S; from_s <= guide.ends_s; from_s += AHEAD_S) {
    context.suspend(from_s - guide.starts_s).then(() => { place(from_s); context.resume(); });
  }
  const rendered = await context.startRendering();
  const [left, right] = [rendered.getChannelData(0), rendered.getChannelData(1)];
  const loud = (k) => Math.abs(left[k]) > 1e-4 || Math.abs(right[k]) > 1e-4;
  const power = (side, from) => side.subarray(from, from + 0.05 * rate).reduce((sum, x) => sum + x * x, 0);
  const cues = guide.cues.map((cue) => {
    const due = (begin_s + cue.at_s - guide.starts_s) * rate;
    const from = Math.round(due - 0.04 * rate);
    let first = from;
    while (!loud(first) && first < due + rate) first += 1;
    return { early: loud(from), error_s: (first - due) / rate, left: power(left, first), right: power(right, first) };
  });
  const belongs = new Uint8Array(left.length);
  for (const cue of guide.cues) {
    const from = Math.floor((begin_s + cue.at_s - guide.starts_s) * rate);
    belongs.fill(1, from, Math.ceil(from + (cue.duration_s + pause_s) * rate));
  }
  let strays = 0;
  for (let k = 0; k < left.length; k += 1) if (!belongs[k] && loud(k)) strays += 1;
  return { cues, strays };
}
