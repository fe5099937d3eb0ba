// The live and the stopped screen. It is told what is so (show) and draws it; what is pressed leaves it as an event.
// Every word comes from the page: its <template data-words> and whoever calls show.
import { Hold } from "./coach-hold.js";
import { Seen } from "./coach-seen.js";
import { camel, drawDigits, drawWarnings, feel, figure, fill, repeatOf, set, shortly, squeeze, wordsOf } from "./coach-shown.js";

/** Touches in a pocket: so long after its start a session locks, and so long after the last touch again [ms]. */
const LOCK_MS = 5000, RELOCK_MS = 10000;
const UNLOCK_HOLD_S = 1;
/** A cue stays this much longer than it takes to say [s]. */
const LINGER_S = { look: 0.4, next: 2 };
const COUNT_FROM = 3;
/** Where one warning has room and no second one. */
const LOW = "(max-height: 760px)";
/** Cues that are the big word itself or the digits. */
const SAID_ELSEWHERE = new Set(["reverse", "walk", "stop", "run", "count", "done"]);
const WAYS = { reverse: "back", walk: "forth", run: "forth", done: "end" };
/** What may be made longer, as the player has it. */
const LONGER = new Set(["walk", "stand", "stop"]);
const RUNNING = new Set(["running", "paused"]);

const under = ({ status, position_s }) => status === "running" && position_s >= 0;

export class Screen extends EventTarget {
  #now = { status: "idle", state: "stand", piece: 0, position_s: 0, left_s: 0, cue: null, why: null };
  #locked = false;
  #told = null;
  #timer = 0;
  #until_ms = 0;
  #spoken = "";
  #away = new AbortController();

  /**
   * @param {Element} root section#live, with the markup of coach_live.html
   * @param {{guide: object, ribbon: string, words?: object, theme?: "system"|"light"|"dark"}} given
   */
  constructor(root, { guide, ribbon, words = {}, theme = document.documentElement.dataset.theme }) {
    super();
    this.live = root.querySelector(".live");
    this.guide = guide;
    this.part = Object.fromEntries([...this.live.querySelectorAll("[data-part]")].map((one) => [one.dataset.part, one]));
    this.words = wordsOf(this.live);
    Object.assign(this.words.words, words);
    this.seen = new Seen({ part: this.part, words: this.words, ends_s: guide.ends_s });
    const dark = theme === "dark" || (theme !== "light" && matchMedia("(prefers-color-scheme: dark)").matches);
    this.#look(dark ? "dark" : "sun");
    Object.assign(this.live.dataset, { status: "idle", lock: "open" });
    this.#hang(ribbon);
    this.#wire();
  }

  /** Draw what is so now: the contract's fields; what is left out stays as it was. */
  show(now) {
    const before = this.#now;
    this.#now = { ...before, ...now };
    if (typeof now.locked === "boolean" && now.locked !== this.#told) { this.#told = now.locked; this.#lock(now.locked); }
    if (this.#now.piece !== before.piece || this.#now.state !== before.state) this.#until_ms = 0; // what was said there is over
    this.#enter(before.status);
    if (this.#begun !== under(before)) { if (this.#begun) this.#lockIn(LOCK_MS); else clearTimeout(this.#timer); }
    if (this.#now.status === "stopped") this.#showStopped(before.status);
    this.#showPiece();
    this.#showTime();
    this.#showCue(before.cue);
    this.#showAround();
    this.#announce(before);
  }

  /** Leave the page's keys alone again. */
  close() { this.#away.abort(); clearTimeout(this.#timer); }

  get locked() { return this.#locked; }

  // -- what is shown ---------------------------------------------------------------------------------------------------

  #enter(before) {
    const { status } = this.#now;
    if (status === before) return;
    this.live.dataset.status = status;
    this.part.stopped.closest(".stopped").hidden = status !== "stopped";
    delete this.live.dataset.asking;
    this.#place();
    if (status === "running" && !RUNNING.has(before)) this.live.querySelector(".halt").focus({ preventScroll: true });
  }

  get #begun() { return under(this.#now); }

  get #state() {
    const { status, state, position_s } = this.#now;
    if (status === "idle" || position_s < 0) return "ready";
    return status === "paused" || status === "done" ? status : state;
  }

  #showPiece() {
    const { live, part, words: { words }, guide } = this, { piece } = this.#now, state = this.#state;
    live.dataset.state = state === "ready" ? "stand" : this.#now.state;
    if (set(part.word, words[state] ?? words.stand)) this.#fit();
    const repeat = repeatOf(guide.pieces, piece, state !== "ready");
    set(part["repeat-is"], words[repeat.word]);
    set(part.repeat, fill(words.of, repeat));
    const next = state === "ready" ? guide.pieces[0] : guide.pieces[piece + 1];
    this.#showNext(next ? next.state : "done", next ? next.end_s - next.start_s : null);
    live.querySelector("[data-do=pause]").disabled = live.querySelector("[data-do=skip]").disabled = !this.#begun;
    live.querySelector("[data-do=extend]").disabled = !this.#begun || !LONGER.has(this.#now.state);
    this.#mark(state === "ready" ? -1 : piece);
  }

  #showNext(state, seconds) {
    const { next } = this.part, way = WAYS[state] ?? "still", { words } = this.words;
    const box = next.closest(".follows");
    box.dataset.way = way;
    next.querySelector("use").setAttribute("href", `#live-${way}`);
    const told = [words[camel(`state_${state}`)], seconds === null ? "" : shortly(seconds)].join(" ").trim();
    if (set(next.querySelector("span"), told)) next.toggleAttribute("data-long", told.length > 10);
    box.toggleAttribute("data-now", this.#now.cue?.kind === "next" && performance.now() < this.#until_ms);
  }

  #showTime() {
    const { part, live, words: { words } } = this, { position_s, left_s, status } = this.#now;
    const left = this.#state === "ready" ? Math.max(0, -position_s) : left_s;
    const { text, unit, wide, seconds } = figure(left);
    if (set(part.digits, text)) drawDigits(part.digits, wide);
    set(part.unit, words[unit]);
    const told = fill(words.timer, { n: seconds });
    if (part.timer.getAttribute("aria-label") !== told) part.timer.setAttribute("aria-label", told);
    live.toggleAttribute("data-count", status === "running" && seconds > 0 && seconds <= COUNT_FROM);
    const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
    const share = Math.min(1, Math.max(0, (still ? Math.floor(position_s) : position_s) / (this.guide.ends_s || 1)));
    this.here.style.transform = `translateX(${(100 * share).toFixed(2)}%)`;
  }

  #showCue(before) {
    const { cue, piece, status } = this.#now, { part, words: { words } } = this, fresh = cue && cue !== before;
    if (fresh && !SAID_ELSEWHERE.has(cue.kind)) this.#until_ms = performance.now() + 1000 * (cue.duration_s + (LINGER_S[cue.kind] ?? 1.5));
    if (fresh && SAID_ELSEWHERE.has(cue.kind) && cue.kind !== "count") this.#until_ms = 0;
    if (fresh) { if (cue.kind !== "count") this.shown = cue; if (cue.side && status === "running") feel(cue.side); }
    const on = status === "running" && performance.now() < this.#until_ms ? this.shown : null;
    const side = on?.kind === "look" ? on.side : null;
    if (side) part.cue.dataset.side = side; else delete part.cue.dataset.side;
    if (set(part.shout, side ? words[side] : "")) squeeze(part.shout);
    const does = this.#now.state === this.guide.pieces[piece]?.state ? this.guide.pieces[piece].words : "";
    const plain = this.#state === "ready" || does.toLowerCase() === words[camel(`state_${this.#now.state}`)]?.toLowerCase() ? "" : does;
    const says = on ? on.say : plain;
    if (set(part.says, side ? "" : says)) part.says.dataset.long = says.length <= 18 ? 0 : says.length <= 36 ? 1 : 2;
    set(part["says-cue"], on && on.kind !== "next" ? on.say : "");
  }

  #showAround() {
    const { part, words: { words, warns } } = this, { spotter, sound, seen, position_s } = this.#now;
    const is = spotter?.linked === true ? "linked" : spotter?.linked === false ? "lost" : "none";
    part.spotter.dataset.is = is;
    part.spotter.querySelector("use").setAttribute("href", `#live-${is}`);
    set(part.spotter.querySelector("span"), is === "none" ? words.noSpotter : fill(words[is], { name: spotter.name || words.spotter }));
    const given = [...(this.#now.warnings ?? [])];
    if (sound === false && !given.some(({ key }) => key.startsWith("sound"))) given.unshift({ key: "sound" });
    drawWarnings(part.warnings, given.map(({ key, words: own }) => ({ key, words: own || warns[camel(key)] || warns.other })), words.more, matchMedia(LOW).matches ? 1 : 2);
    this.seen.show(this.#begun ? seen : null, position_s);
  }

  #showStopped(before) {
    const { part, words: { words, whys, first, todos } } = this, { why, spotter, piece, left_s, unstopped } = this.#now;
    const key = camel(`${why ?? "you"}`), known = key in whys ? key : "other";
    set(part.why, known === "spotter" && !spotter?.name ? whys.spotterUnnamed : fill(whys[known], { name: spotter?.name }));
    const ground = this.guide.safety?.treadmill ? (unstopped ? "unstopped" : "belt") : "ground"; // nobody stands still on a belt
    set(part.todo, `${first[ground]} ${todos[known]}`);
    const at = this.guide.pieces[piece] ?? {}, left = `${figure(left_s).text} ${words[figure(left_s).unit]}`;
    set(part.where, at.words ? fill(at.of ? words.whereRepeat : words.where, { left, n: at.repeat, what: at.words }) : "");
    if (before === "stopped") return;
    squeeze(part["stopped-word"]);
    part.stopped.focus({ preventScroll: true });
  }

  #announce(before) {
    const { words: { words } } = this, { left_s, piece, status } = this.#now, state = this.#state;
    const key = `${status} ${state} ${piece}`;
    if (key === this.#spoken) return;
    this.#spoken = key;
    if (before.status !== status || before.state !== this.#now.state) feel(status === "stopped" ? status : state);
    if (status === "stopped") return; // its own words are an alert
    const length = state === "ready" ? "" : ` ${figure(left_s).text} ${words[figure(left_s).unit]}.`;
    set(this.part["says-state"], `${words[camel(`state_${state}`)]}.${length}`);
  }

  // -- ribbon, letters and themes --------------------------------------------------------------------------------------

  #hang(ribbon) {
    const box = this.part.ribbon;
    box.querySelector(".lr")?.remove();
    box.prepend(document.createRange().createContextualFragment(ribbon));
    this.blocks = [...box.querySelectorAll("[data-piece]")];
    this.here = box.querySelector(".here");
  }

  /** One ribbon, on whichever of both screens is open. */
  #place() {
    const { ribbon } = this.part, slot = this.live.querySelector(".mirror-slot");
    if (this.#now.status === "stopped") slot.append(ribbon);
    else if (ribbon.parentElement === slot) this.live.querySelector(".stage .word").before(ribbon);
  }

  #mark(piece) {
    if (this.marked === piece) return;
    this.marked = piece;
    for (const block of this.blocks) {
      const at = Number(block.dataset.piece);
      block.setAttribute("class", at < piece ? "done" : at === piece ? "now" : "ahead");
    }
  }

  #fit() { for (const name of ["word", "shout", "stopped-word"]) squeeze(this.part[name]); }

  #look(look) {
    this.live.dataset.look = look;
    this.live.querySelector("[data-do=sun]").setAttribute("aria-pressed", String(look === "sun"));
  }

  // -- what is pressed -------------------------------------------------------------------------------------------------

  #wire() {
    const { live, part, words: { words } } = this, { signal } = this.#away, hold_s = this.guide.rules?.resume_hold ?? 2;
    // As the finger comes down: to wait for its lifting costs steps backward (WCAG 2.5.2 allows it where it is essential).
    live.querySelector(".halt").addEventListener("pointerdown", (event) => this.#stop(event), { signal });
    live.addEventListener("click", (event) => this.#click(event), { signal });
    live.addEventListener("contextmenu", (event) => event.preventDefault(), { signal });
    for (const kind of ["pointerdown", "keydown", "focusin"]) live.addEventListener(kind, (event) => this.#touched(event), { signal });
    document.addEventListener("keydown", (event) => this.#key(event), { signal });
    const again = (name) => () => this.#tellAgain(name);
    new Hold(live.querySelector("[data-hold=unlock]"), UNLOCK_HOLD_S, () => this.#lock(false), { twice: true, again: again("unlock"), signal });
    new Hold(live.querySelector("[data-hold=resume]"), hold_s, () => this.#tell("resume", { from: "stopped" }), { again: again("resume"), signal });
    set(part.resume, fill(words.hold, { n: hold_s }));
    set(part["resume-how"], fill(words.holdHow, { n: hold_s }));
    this.sizes = new ResizeObserver(() => this.#fit());
    this.sizes.observe(live);
    signal.addEventListener("abort", () => this.sizes.disconnect());
  }

  #tell(name, detail = {}) { this.dispatchEvent(new CustomEvent(name, { detail })); }

  #stop(event) {
    event.preventDefault();
    if (RUNNING.has(this.#now.status)) this.#tell("stop", { at_ms: performance.timeOrigin + event.timeStamp });
  }

  /** STOP by key from anywhere; what has the focus and does something itself keeps its own keys. */
  #key(event) {
    if (!RUNNING.has(this.#now.status) || !this.live.checkVisibility() || !["Escape", " ", "Enter"].includes(event.key)) return;
    const own = event.target.closest?.("button, a, input, summary");
    if (event.key !== "Escape" && own && !own.classList.contains("halt")) return;
    if (event.repeat) event.preventDefault(); else this.#stop(event);
  }

  #click(event) {
    const pressed = event.target.closest("[data-do]"), what = pressed?.dataset.do;
    if (!what) return;
    if (what === "stop") { if (event.detail === 0) this.#stop(event); return; } // who clicks without a finger: a screen reader
    if (this.#locked && this.#now.status !== "stopped") return;
    const doing = {
      lock: () => this.#lock(true),
      sun: () => { this.#look(this.live.dataset.look === "sun" ? "dark" : "sun"); this.#tell("sun", { sun: this.live.dataset.look === "sun" }); },
      extend: () => this.#tell("extend", { seconds: Number(pressed.dataset.seconds) }),
      resume: () => this.#tell("resume", { from: "paused" }),
      end: () => this.#ask(true),
      "end-no": () => this.#ask(false),
      "end-yes": () => { this.#ask(false); this.#tell("end"); },
    }[what];
    if (doing) doing(); else this.#tell(what);
  }

  #ask(asking) {
    const box = this.#now.status === "stopped" ? ".choices" : ".keys";
    this.live.toggleAttribute("data-asking", asking);
    this.live.querySelector(asking ? `${box}.ask [data-do=end-no]` : `${box}:not(.ask) [data-do=end]`).focus();
  }

  #tellAgain(name) {
    const label = this.part[name], own = label.textContent, { again } = this.words.words;
    if (own === again) return;
    set(label, again);
    setTimeout(() => set(label, own), 5000);
  }

  #lock(locked) {
    if (locked === this.#locked) return;
    this.#locked = locked;
    this.live.dataset.lock = locked ? "locked" : "open";
    delete this.live.dataset.asking;
    const inside = this.live.contains(document.activeElement);
    if (inside && this.#now.status !== "stopped") this.live.querySelector(".halt").focus({ preventScroll: true });
    this.#tell(locked ? "lock" : "unlock");
    if (!locked && this.#begun) this.#lockIn(RELOCK_MS); else clearTimeout(this.#timer);
  }

  #lockIn(after_ms) {
    clearTimeout(this.#timer);
    if (!this.#locked) this.#timer = setTimeout(() => this.#lock(true), after_ms);
  }

  /** Whoever is at the buttons keeps them; touches beside them are a pocket's. */
  #touched({ target }) { if (!this.#locked && this.#begun && target.closest("button")) this.#lockIn(RELOCK_MS); }
}
