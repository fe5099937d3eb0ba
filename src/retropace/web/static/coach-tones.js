// How a cue sounds: its tone first, a few notes, then its words, clips of one recording back to back.

/** How long a note takes to come and go [s]: sharp to the ear, without a click. */
const RAMP_S = 0.003;
/** Between the tone and the first word [s]. */
const BREATH_S = 0.04;
/** A guide leaves this much free between two cues [s] (its rule is cues.pause); words that follow a tone may use it. */
const PAUSE_S = 0.2;
/** How quickly a sound that is taken back falls silent [s]. */
const HUSH_S = 0.008;
/** Forward is one tone, walked or run. */
const INSTEAD = { run: "walk" };

/** The notes {at_s, hz, lasts_s, level, pan, shape} a cue begins with; none where it is words only. */
export function toneOf(cue, tones) {
  const name = cue.kind === "look" ? `look_${cue.side ?? "mirror"}` : INSTEAD[cue.kind] ?? cue.kind;
  return tones[cue.tone ?? name] ?? [];
}

/** When the words of a cue begin [s after it]: once its tone is over, sooner where they would run into the next cue. */
export function wordsAt(cue, notes, said_s) {
  const tone_s = Math.max(0, ...notes.map((note) => note.at_s + note.lasts_s));
  const free_s = cue.clips_at_s ?? (tone_s > 0 ? tone_s + BREATH_S : 0);
  return Math.max(0, Math.min(free_s, cue.duration_s + PAUSE_S - said_s));
}

/** A sound put into the audio graph at `at` [s of the context's clock]; it can be taken back. */
export class Sound {
  constructor(context, output, at) {
    this.context = context;
    this.at = at;
    this.ends = at;
    this.sources = [];
    this.sides = new Map();
    this.bus = context.createGain();
    this.bus.connect(output);
  }

  /** The notes of a tone. */
  notes(rows) {
    for (const row of rows) this.note(row, this.at + row.at_s);
    return this;
  }

  note({ hz, lasts_s, level, pan, shape }, at) {
    const oscillator = this.context.createOscillator();
    oscillator.type = shape;
    oscillator.frequency.value = hz;
    const gain = this.context.createGain();
    const ramp = Math.min(RAMP_S, lasts_s / 3);
    gain.gain.setValueAtTime(0, at);
    gain.gain.linearRampToValueAtTime(level, at + ramp);
    gain.gain.setValueAtTime(level, at + lasts_s - ramp);
    gain.gain.linearRampToValueAtTime(0, at + lasts_s);
    oscillator.connect(gain).connect(this.side(pan));
    oscillator.start(at);
    oscillator.stop(at + lasts_s);
    this.keep(oscillator, at + lasts_s);
  }

  side(pan) {
    if (!pan) return this.bus;
    if (!this.sides.has(pan)) {
      const panner = this.context.createStereoPanner();
      panner.pan.value = pan;
      panner.connect(this.bus);
      this.sides.set(pan, panner);
    }
    return this.sides.get(pan);
  }

  /** Clips [offset_s, duration_s] of `voice`, one after the other from `after_s` on; nothing of them after `until_s`. */
  words(voice, clips, after_s = 0, until_s = Infinity) {
    let at_s = after_s;
    for (const [offset_s, lasts_s] of clips) {
      const room_s = Math.min(lasts_s, until_s - at_s);
      if (room_s <= 0) break;
      const source = this.context.createBufferSource();
      source.buffer = voice;
      source.connect(this.bus);
      source.start(this.at + at_s, offset_s, room_s);
      at_s += room_s;
      this.keep(source, this.at + at_s);
    }
    return this;
  }

  keep(source, ends) {
    this.sources.push(source);
    this.ends = Math.max(this.ends, ends);
  }

  /** Whether some of it has gone out. */
  get begun() { return this.context.currentTime >= this.at; }

  /** Whether all of it has gone out. */
  get over() { return this.context.currentTime > this.ends + HUSH_S; }

  /** Take it back: what has not begun never sounds, what sounds falls silent. */
  hush() {
    if (!this.begun) { this.drop(); return; }
    const now = this.context.currentTime;
    this.bus.gain.setValueAtTime(1, now);
    this.bus.gain.linearRampToValueAtTime(0, now + HUSH_S);
    for (const source of this.sources) source.stop(now + HUSH_S);
  }

  drop() {
    for (const source of this.sources) source.stop();
    this.bus.disconnect();
  }
}

/** Put a cue into the graph, its first note at `at`. */
export function soundCue(context, output, cue, at, { tones, voice = null, clips = {} }) {
  const notes = toneOf(cue, tones);
  const said = voice ? (cue.clips ?? []).map((name) => clips[name]).filter(Boolean) : [];
  const at_s = wordsAt(cue, notes, said.reduce((sum, [, lasts_s]) => sum + lasts_s, 0));
  return new Sound(context, output, at).notes(notes).words(voice, said, at_s, cue.duration_s + PAUSE_S);
}

/**
 * Put every cue of a guide into any context at once, also into one that only renders; what was placed, in order.
 * `at` is when `from_s` of the session is on the context's clock; cues from `until_s` on are left out.
 */
export function schedule(context, output, guide, { voice = null, clips = {}, at = 0, from_s = guide.starts_s, until_s = Infinity } = {}) {
  const how = { tones: guide.tones, voice, clips };
  return guide.cues
    .filter((cue) => cue.at_s >= from_s && cue.at_s < until_s)
    .map((cue) => ({ cue, sound: soundCue(context, output, cue, at + cue.at_s - from_s, how) }));
}
