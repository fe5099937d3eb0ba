// The timer of the home workout: counts in, counts sets, holds and rests, pauses, and ticks off what was done.
// Without it the page lists the same exercises, to be done and ticked off by hand.

const words = document.querySelector("template[data-words]")?.dataset;
const player = document.querySelector("dialog.player");
const list = document.querySelector(".exercises[data-day]");
const READY_S = 3;

/** The phases of one exercise, in order: {kind, word, seconds} or, at one's own pace, {kind, word, reps}. */
export function phasesOf(exercise, words) {
  const phases = [];
  for (let set = 1; set <= exercise.sets; set += 1) {
    for (let side = 1; side <= exercise.sides; side += 1) {
      const place = { set, side };
      const again = side === 2 ? words.other : words.ready;
      phases.push({ kind: "ready", word: again, seconds: READY_S, ...place });
      phases.push({ ...work(exercise, words), ...place });
    }
    if (set < exercise.sets && exercise.rest > 0) phases.push({ kind: "rest", word: words.rest, seconds: exercise.rest, set, side: exercise.sides });
  }
  return phases;
}

function work(exercise, words) {
  if (exercise.hold) return { kind: "hold", word: words.hold, seconds: exercise.hold };
  const repeat = exercise.tempo.reduce((sum, seconds) => sum + seconds, 0);
  if (repeat > 0) return { kind: "tempo", word: words.up, seconds: repeat * exercise.reps, tempo: exercise.tempo, repeat };
  return { kind: "free", word: words.work, reps: exercise.reps };
}

/** What to show `elapsed` seconds into a phase: the word, the large figure, and the share that is over. */
export function shown(phase, elapsed, words) {
  if (phase.kind === "free") return { word: phase.word, figure: `${phase.reps}`, share: 0 };
  const share = Math.min(1, elapsed / phase.seconds);
  if (phase.kind !== "tempo") return { word: phase.word, figure: `${Math.max(1, Math.ceil(phase.seconds - elapsed))}`, share };
  const number = Math.min(phase.seconds / phase.repeat, Math.floor(elapsed / phase.repeat) + 1);
  let inside = elapsed % phase.repeat;
  const parts = [words.up, words.still, words.down];
  let word = parts[2];
  for (let part = 0; part < 3; part += 1) {
    if (inside < phase.tempo[part]) { word = parts[part]; break; }
    inside -= phase.tempo[part];
  }
  return { word, figure: `${number}`, share };
}

class Player {
  constructor(exercises) {
    this.queue = exercises;
    this.part = Object.fromEntries([...player.querySelectorAll("[data-part]")].map((one) => [one.dataset.part, one]));
    this.at = 0;
    this.begin(0);
  }

  begin(number) {
    this.at = number;
    const exercise = this.queue[number];
    this.phases = phasesOf(exercise, words);
    this.skipped = false;
    this.part.name.textContent = exercise.name;
    const figure = player.querySelector(".pfig");
    figure.replaceChildren(exercise.card.querySelector(".fig svg").cloneNode(true));
    this.enter(0);
  }

  enter(number) {
    this.number = number;
    this.phase = this.phases[number];
    this.elapsed = 0;
    this.since = performance.now();
    this.beeped = 0;
    this.show(true);
  }

  get exercise() { return this.queue[this.at]; }

  step() {
    if (this.paused) return;
    const now = performance.now();
    this.elapsed += (now - this.since) / 1000;
    this.since = now;
    if (this.phase.kind !== "free" && this.elapsed >= this.phase.seconds) { this.next(); return; }
    this.show(false);
    this.countIn();
  }

  show(entered) {
    const { phase, exercise, part } = this;
    const now = shown(phase, this.elapsed, words);
    set(part.phase, now.word);
    set(part.count, now.figure);
    part.bar.value = now.share;
    const side = exercise.sides > 1 && phase.side ? ` · ${phase.side === 1 ? words.first : words.second}` : "";
    const times = exercise.reps ? ` · ${exercise.reps} ${words.times}` : "";
    set(part.place, phase.set ? `${words.set.replace("{n}", phase.set).replace("{of}", exercise.sets)}${side}${times}` : "");
    const following = this.phases[this.number + 1];
    const after = following ? following.word : this.queue[this.at + 1]?.name;
    set(part.next, after ? `${words.then} ${after}` : "");
    if (entered) part.says.textContent = `${exercise.name}. ${now.word}${phase.kind === "free" ? `, ${phase.reps} ${words.times}` : phase.kind === "ready" ? "" : `, ${Math.round(phase.seconds)} s`}`;
  }

  countIn() {
    const left = Math.ceil(this.phase.seconds - this.elapsed);
    if (this.phase.kind === "free" || left > 3 || left < 1 || this.beeped === left) return;
    this.beeped = left;
    this.sound(660, 0.09);
  }

  next() {
    this.sound(990, 0.22);
    if (this.number + 1 < this.phases.length) { this.enter(this.number + 1); return; }
    if (this.phase.kind !== "change" && !this.skipped) tick(this.exercise.card);
    if (this.at + 1 >= this.queue.length) { this.finish(); return; }
    if (this.phase.kind === "change") { this.begin(this.at + 1); return; }
    this.phases = [{ kind: "change", word: words.change, seconds: Number(list.dataset.change) }];
    this.enter(0);
  }

  /** On by hand: at one's own pace that is how a set ends; what was timed and left early is not ticked off. */
  skip() {
    if (this.phase.kind === "hold" || this.phase.kind === "tempo") this.skipped = true;
    if (this.paused) this.pause();
    this.next();
  }

  finish() {
    clearInterval(this.timer);
    this.part.says.textContent = words.finished;
    player.close();
    this.queue[0].card.closest(".exercises").scrollIntoView({ block: "start" });
  }

  pause() {
    this.paused = !this.paused;
    this.since = performance.now();
    const button = player.querySelector("[data-do=pause]");
    [button.textContent, button.dataset.on] = [button.dataset.on, button.textContent];
    if (!this.paused) this.awake();
  }

  stop() {
    clearInterval(this.timer);
    this.lock?.release().catch(() => {});
    if (this.paused) this.pause();
    this.paused = true;
  }

  sound(pitch, seconds) {
    if (!this.part.sound.checked) return;
    this.audio ??= new AudioContext();
    this.audio.resume();
    const tone = new OscillatorNode(this.audio, { frequency: pitch });
    const loud = new GainNode(this.audio, { gain: 0.2 });
    tone.connect(loud).connect(this.audio.destination);
    const now = this.audio.currentTime;
    loud.gain.setTargetAtTime(0, now + seconds * 0.6, 0.03);
    tone.start(now);
    tone.stop(now + seconds + 0.1);
  }

  async awake() {
    try { this.lock = await navigator.wakeLock?.request("screen"); } catch { /* the screen may go dark: the timer goes on */ }
  }

  run() {
    player.showModal();
    this.awake();
    this.timer = setInterval(() => this.step(), 100);
  }
}

function set(element, text) { if (element.textContent !== text) element.textContent = text; }

/** Tick an exercise off on the server; the page shows it once that has worked. */
async function tick(card) {
  if (!list.dataset.tick || card.classList.contains("ticked")) return;
  const form = new URLSearchParams({ day: list.dataset.day, exercise: card.dataset.key, done: "yes" });
  const token = document.querySelector('meta[name="csrf"]').content;
  try {
    const answer = await fetch(list.dataset.tick, { method: "POST", body: form, headers: { "x-csrf": token }, redirect: "manual" });
    if (answer.type === "opaqueredirect" || answer.ok) mark(card);
  } catch { /* out of reach: it can be ticked off by hand */ }
}

function mark(card) {
  card.classList.add("ticked");
  const button = card.querySelector(".tick");
  button?.setAttribute("aria-pressed", "true");
  if (button) button.value = "no";
}

function exerciseOf(card) {
  const told = card.dataset;
  return {
    card,
    name: told.name,
    sets: Number(told.sets),
    reps: Number(told.reps),
    hold: Number(told.hold),
    tempo: told.tempo ? told.tempo.split(",").map(Number) : [],
    rest: Number(told.rest),
    sides: Number(told.sides),
  };
}

function main() {
  const cards = [...list.querySelectorAll(".exercise")];
  let playing = null;
  const start = (chosen) => { playing = new Player(chosen.map(exerciseOf)); playing.run(); };
  const all = document.querySelector("[data-all]");
  all.hidden = false;
  all.querySelector("button").addEventListener("click", () => {
    const open = cards.filter((card) => !card.classList.contains("ticked"));
    start(open.length ? open : cards);
  });
  for (const card of cards) {
    const button = card.querySelector("[data-start=one]");
    button.hidden = false;
    button.addEventListener("click", () => start([card]));
  }
  const doing = { pause: () => playing.pause(), skip: () => playing.skip(), stop: () => player.close() };
  for (const button of player.querySelectorAll("[data-do]")) button.addEventListener("click", () => doing[button.dataset.do]());
  player.addEventListener("close", () => playing?.stop());
  player.addEventListener("keydown", (event) => {
    const onButton = event.target.closest("button, input");
    if (event.key === " " && !onButton) { event.preventDefault(); playing.pause(); }
    if (event.key === "ArrowRight") { event.preventDefault(); playing.skip(); }
  });
}

if (player && list) main();
