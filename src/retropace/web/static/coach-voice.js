// The coach's voice and tones: everything that needs a tap before a browser lets it sound.

import { Player } from "./coach-player.js";

/** The tones of the sound check, and when each begins [s]; the word comes last. */
const CHECK = [["look_left", 0], ["look_right", 1.1]];
const WORD_AT_S = 2.2;

/** Makes the player; it is silent until `wake` was called inside a tap. */
export class Voice {
  /** @param {{url: string, clips: object}|undefined} voice */
  constructor({ guide, voice }) {
    this.guide = guide;
    this.voice = voice;
    this.bytes = voice ? fetch(voice.url).then((answer) => (answer.ok ? answer.arrayBuffer() : null)).catch(() => null) : null;
    this.context = null;
    this.player = null;
  }

  static able() {
    return "AudioContext" in globalThis;
  }

  /** Inside a tap: let there be sound. Resolves to whether it runs. */
  async wake() {
    if (!Voice.able()) return false;
    if (navigator.audioSession) navigator.audioSession.type = "playback"; // iOS: heard in silent mode, too
    this.context ??= new AudioContext();
    const woken = this.context.resume();
    this.make();
    await Promise.race([woken, new Promise((over) => setTimeout(over, 1000))]);
    return this.context.state === "running";
  }

  /** The player, silent where there is no sound. A player plays one session: `fresh` makes another. */
  make(fresh = false) {
    if (fresh) this.player = null;
    if (this.player?.hears === this.context && this.player) return this.player;
    this.player = new Player(this.context, this.context?.destination ?? null, { clips: this.voice?.clips ?? {} });
    this.player.hears = this.context;
    this.player.load(this.guide);
    if (this.context) this.speak(this.player);
    return this.player;
  }

  async speak(player) {
    const bytes = await this.bytes;
    if (!bytes) return;
    this.buffer ??= this.context.decodeAudioData(bytes.slice(0)).catch(() => null);
    const buffer = await this.buffer;
    if (buffer) player.give(buffer, this.voice.clips);
  }

  /** Left, right, a word; resolves once all of it was played. */
  async check() {
    const said = this.guide.cues.find((cue) => cue.kind === "reverse" || cue.kind === "walk")?.clips ?? [];
    for (const [tone, at_s] of CHECK) setTimeout(() => this.player.sound(tone), at_s * 1000);
    await new Promise((over) => setTimeout(over, WORD_AT_S * 1000));
    this.player.say(said);
    await new Promise((over) => setTimeout(over, 900));
  }
}
