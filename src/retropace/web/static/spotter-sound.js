// The spotter's phone as a siren: heard without any network. Made ahead as buffers that loop, so that no busy page stutters.

/** The siren: two tones in turn, so long each [s]; the chirp of a lost link, and the beeps of the sound check [Hz, s]. */
const SIREN = [[990, 0.25], [660, 0.25]];
const CHIRP = [[784, 0.14], [0, 0.06], [523, 0.2]];
const CHECK = [[880, 0.12], [0, 0.28], [880, 0.12], [0, 0.28], [880, 0.12]];
/** A lost link chirps again after this time [ms]. */
const CHIRP_EVERY_MS = 3000;
/** Square waves at less than full level: louder ones are clipped by small speakers, and heard less. */
const LEVEL = 0.9;

export class Sound {
  #context = null;
  #siren = null;
  #wanted = false;
  #chirping = 0;

  constructor() {
    // A touch wakes the sound when it is lifted, a key when it is pressed.
    for (const event of ["pointerup", "click", "keydown"]) document.addEventListener(event, () => this.#wake(), { capture: true });
  }

  /** Whether something would be heard now. */
  get on() {
    return this.#context?.state === "running";
  }

  /** Whether the siren is wanted. */
  get loud() {
    return this.#wanted;
  }

  /** Let the three beeps be heard: called from a tap. */
  check() {
    this.#wake();
    this.#play(CHECK);
  }

  /** Sound the siren until `hush`. */
  sound() {
    this.#wanted = true;
    this.#open();
    if (!this.#siren) this.#siren = this.#play(SIREN, true);
    navigator.vibrate?.([400, 100, 400, 100, 400]);
  }

  /** Silence the siren. */
  hush() {
    this.#wanted = false;
    this.#siren?.stop();
    this.#siren = null;
    navigator.vibrate?.(0);
  }

  /** Chirp every few seconds while `lost`. */
  chirp(lost) {
    if (Boolean(this.#chirping) === lost) return;
    clearInterval(this.#chirping);
    this.#chirping = lost ? setInterval(() => this.#once(), CHIRP_EVERY_MS) : 0;
    if (lost) this.#once();
  }

  #once() {
    if (!this.#wanted) this.#play(CHIRP);
    navigator.vibrate?.([150, 80, 150]);
  }

  #open() {
    if (this.#context) return;
    if (navigator.audioSession) navigator.audioSession.type = "playback"; // heard with the ringer switched off, too
    this.#context = new AudioContext({ latencyHint: "interactive" });
  }

  #wake() {
    if (this.on) return;
    this.#open();
    this.#context.resume().catch(() => {});
  }

  #play(tones, again = false) {
    if (!this.#context) return null;
    const source = new AudioBufferSourceNode(this.#context, { buffer: this.#buffer(tones), loop: again });
    source.connect(this.#context.destination);
    source.start();
    return source;
  }

  #buffer(tones) {
    const rate = this.#context.sampleRate;
    const whole_s = tones.reduce((sum, [, lasts_s]) => sum + lasts_s, 0);
    const buffer = new AudioBuffer({ length: Math.round(whole_s * rate), sampleRate: rate });
    const samples = buffer.getChannelData(0);
    let from = 0;
    for (const [hz, lasts_s] of tones) {
      const to = Math.min(samples.length, from + Math.round(lasts_s * rate));
      for (let at = from; hz && at < to; at++) samples[at] = (Math.floor((2 * hz * at) / rate) % 2 ? -1 : 1) * LEVEL;
      from = to;
    }
    return buffer;
  }
}
