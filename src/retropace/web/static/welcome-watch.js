// The watch of a home test: three seconds to get ready, stopped by a tap anywhere or by space, and the field is filled.
const READY_S = 3;
const TICK_S = 1; // one beat up, one beat down
const BEATS_PER_REPEAT = 2;
const words = document.querySelector("[data-words]").dataset;
const dialog = document.querySelector("dialog.stopwatch");
const face = dialog.querySelector(".count");
const hint = dialog.querySelector(".hint");
const surface = dialog.querySelector("button");
let sound = null;

for (const watch of document.querySelectorAll(".watch")) {
  const tries = [];
  watch.hidden = false;
  watch.querySelector("button").addEventListener("click", () => run(watch, tries));
}

/** One try, from getting ready to the filled field. Escape gives it up. */
function run(watch, tries) {
  const counting = watch.dataset.kind === "count";
  const enough = Number(watch.dataset.enough) || Infinity;
  const begin = performance.now() + READY_S * 1000;
  let beat = -READY_S - 1;
  let frame = 0;
  let lock = null;
  navigator.wakeLock?.request("screen").then((held) => (lock = held), () => {});

  const elapsed = () => (performance.now() - begin) / 1000;
  const figure = () => (counting ? Math.floor(elapsed() / (BEATS_PER_REPEAT * TICK_S)) : elapsed());

  function show() {
    const at = elapsed();
    dialog.classList.toggle("ready", at < 0);
    if (Math.floor(at) !== beat) {
      beat = Math.floor(at);
      if (at < 0) beep(880, 0.1);
      else if (beat === 0) beep(1320, 0.35);
      else if (counting) beep(beat % 2 ? 660 : 880, 0.06);
    }
    face.textContent = at < 0 ? Math.ceil(-at) : counting ? figure() : figure().toFixed(1);
    hint.textContent = at < 0 ? hint.dataset.ready : hint.dataset.stop;
    if (at >= 0 && figure() >= enough) stop();
    else frame = requestAnimationFrame(show);
  }

  function stop() {
    const found = Math.min(figure(), enough);
    const started = elapsed() >= 0;
    close();
    if (!started) return;
    tries.push(counting ? found : Math.round(found * 10) / 10);
    fill(watch, tries);
    beep(523, 0.2);
  }

  function close() {
    cancelAnimationFrame(frame);
    surface.removeEventListener("pointerdown", pressed);
    dialog.removeEventListener("keydown", pressed);
    dialog.removeEventListener("cancel", close);
    lock?.release();
    if (dialog.open) dialog.close();
    watch.querySelector("button").focus();
  }

  function pressed(event) {
    if (event.type === "keydown" && event.key !== " " && event.key !== "Enter") return;
    event.preventDefault();
    if (!event.repeat) stop();
  }

  surface.addEventListener("pointerdown", pressed);
  dialog.addEventListener("keydown", pressed);
  dialog.addEventListener("cancel", close);
  dialog.showModal();
  surface.focus();
  show();
}

/** Puts what counts of the tries into the field, and says so. */
function fill(watch, tries) {
  const field = document.getElementById(watch.dataset.for);
  const rule = watch.dataset.tries;
  field.value = counted(tries, rule);
  field.dispatchEvent(new Event("change", { bubbles: true }));
  const last = tries[tries.length - 1];
  const unit = watch.dataset.kind === "count" ? "" : " s";
  const told = words.try.replace("{number}", tries.length).replace("{figure}", `${last}${unit}`);
  watch.querySelector("[role=status]").textContent = `${told} ${words[tries.length > 1 ? rule : "last"]}`;
  watch.querySelector("button span").textContent = words.onceMore;
}

/** The figure that several tries make: the middle, the mean or the best (the shortest) of them, else the last. */
function counted(tries, rule) {
  const sorted = [...tries].sort((a, b) => a - b);
  const figures = {
    middle: () => (sorted[(sorted.length - 1) >> 1] + sorted[sorted.length >> 1]) / 2,
    mean: () => tries.reduce((sum, each) => sum + each, 0) / tries.length,
    best: () => sorted[0],
    last: () => tries[tries.length - 1],
  };
  return Math.round(figures[rule]() * 10) / 10;
}

/** A short tone; without sound the picture is enough. */
function beep(hertz, seconds) {
  try {
    sound ??= new AudioContext();
    const tone = sound.createOscillator();
    const volume = sound.createGain();
    tone.frequency.value = hertz;
    volume.gain.setValueAtTime(0.2, sound.currentTime);
    volume.gain.exponentialRampToValueAtTime(0.001, sound.currentTime + seconds);
    tone.connect(volume).connect(sound.destination);
    tone.start();
    tone.stop(sound.currentTime + seconds);
  } catch {
    sound = null;
  }
}
