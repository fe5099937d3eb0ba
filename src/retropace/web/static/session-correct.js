// Correcting direction: two grips on the enlarged stretch, by pointer or keys; the form's two times follow, and lead.

import { clamp, clock, made, placeOf, secondsOf, size, timeAt, wide } from './session-chart.js';

const WIDTHS = { s: '316', l: '566' };

export class Grips {
  constructor(section) {
    this.section = section;
    this.holder = section.querySelector('.enlarged');
    this.inputs = ['from', 'to'].map((name) => section.querySelector(`input[name=${name}]`));
    this.read();
    this.stretch = this.inputs.map((input) => secondsOf(input.value));
    if (!(this.stretch[0] < this.stretch[1])) this.stretch = [...this.data.stretch];
    this.between = made('i', 'between', this.holder);
    this.label = made('b', '', this.between);
    this.grips = ['from', 'to'].map((name, which) => this.grip(name, which));
    this.listen();
    this.place();
  }

  read() {
    this.data = JSON.parse(this.holder.querySelector('script').textContent);
    this.holder.querySelectorAll('.select').forEach((frame) => frame.remove());
    this.holder.classList.toggle('bare', !this.data.places[WIDTHS.l].length);
  }

  get width() { return Number(WIDTHS[size()]); }
  get places() { return this.data.places[WIDTHS[size()]]; }

  grip(name, which) {
    const grip = made('div', 'grip', this.holder, { role: 'slider', tabindex: 0, 'aria-label': this.data.words[name] });
    made('i', 'stem', grip);
    made('b', 'knob', grip);
    grip.addEventListener('keydown', (event) => this.key(event, which));
    grip.addEventListener('pointerdown', (event) => this.hold(event, grip, which));
    return grip;
  }

  listen() {
    this.inputs.forEach((input, which) => input.addEventListener('change', () => {
      const typed = secondsOf(input.value);
      if (Number.isNaN(typed)) return;
      this.stretch[which] = typed;
      this.told();
      this.place();
      if (this.stretch[0] < this.stretch[1]) this.bring();
    }));
    const folded = this.section.querySelector('details');
    if (folded) folded.addEventListener('toggle', () => { if (folded.open) this.bring(); });
    this.resized = () => this.place();
    wide.addEventListener('change', this.resized);
  }

  // Nothing here is used any more: the page was exchanged.
  leave() { wide.removeEventListener('change', this.resized); }

  // -- where the grips stand ---------------------------------------------------------------------------------------------

  place() {
    if (!this.places.length) return;
    const [left, right] = this.stretch.map((t) => 100 * placeOf(this.places, t) / this.width);
    this.between.style.left = `${left}%`;
    this.between.style.width = `${Math.max(right - left, 0)}%`;
    this.label.textContent = right - left > 12 ? this.length : '';
    this.section.querySelector('output').textContent = this.length;
    this.grips.forEach((grip, which) => {
      const [low, high] = this.reach(which);
      grip.style.left = `${which ? right : left}%`;
      const told = { valuemin: low, valuemax: high, valuenow: this.stretch[which], valuetext: `${clock(this.stretch[which])}, ${this.length}` };
      for (const [name, value] of Object.entries(told)) grip.setAttribute(`aria-${name}`, value);
    });
  }

  get length() {
    const seconds = Math.max(this.stretch[1] - this.stretch[0], 0);
    return seconds < 60 ? this.data.words.seconds.replace('{number}', Math.round(seconds * 10) / 10) : clock(seconds);
  }

  // How far a grip can go: within the recording, and a second from the other.
  reach(which) {
    const { bounds: [low, high] } = this.data, [start, end] = this.stretch;
    return which ? [start + 1, high] : [low, end - 1];
  }

  set(which, t) {
    const [low, high] = this.reach(which);
    this.stretch[which] = clamp(t, low, Math.max(low, high));
    this.told();
    this.place();
  }

  // The two times, the title and the length say what the grips say.
  told() {
    this.stretch.forEach((t, which) => {
      const name = which ? 'to' : 'from';
      this.inputs[which].value = clock(t);
      const live = this.section.querySelector(`[data-live=${name}]`);
      if (live) live.textContent = clock(t);
    });
  }

  // -- moving them -------------------------------------------------------------------------------------------------------

  key(event, which) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const ten = event.shiftKey ? 10 : 1, [low, high] = this.reach(which);
    const step = { ArrowLeft: -ten, ArrowDown: -ten, ArrowRight: ten, ArrowUp: ten, PageDown: -10, PageUp: 10 }[event.key];
    const way = this.section.querySelector(`button[data-key="${CSS.escape(event.key.toLowerCase())}"]`);
    if (step) this.set(which, this.stretch[which] + step);
    else if (event.key === 'Home') this.set(which, low);
    else if (event.key === 'End') this.set(which, high);
    else if (way) way.click();
    else return;
    event.preventDefault();
    if (!way) this.bring();
  }

  hold(event, grip, which) {
    if (event.button) return;
    event.preventDefault();
    grip.focus({ preventScroll: true });
    grip.setPointerCapture(event.pointerId);
    const { left } = grip.getBoundingClientRect(), off = event.clientX - left - grip.offsetWidth / 2;
    const move = (e) => {
      const box = this.holder.getBoundingClientRect();
      this.set(which, Math.round(timeAt(this.places, (e.clientX - off - box.left) / box.width * this.width)));
    };
    const stop = () => {
      grip.removeEventListener('pointermove', move);
      this.bring();
    };
    grip.addEventListener('pointermove', move);
    grip.addEventListener('pointerup', stop, { once: true });
    grip.addEventListener('pointercancel', stop, { once: true });
  }

  // Where an edge has come to the end of the drawing, or beyond, a drawing of more is fetched.
  async bring() {
    this.place();
    const { window: [low, high], bounds } = this.data, [start, end] = this.stretch, near = 0.03 * (high - low);
    const inside = (start >= low + near || low <= bounds[0]) && (end <= high - near || high >= bounds[1]);
    if (inside && this.places.length) return;
    const asked = [...this.stretch];
    const response = await fetch(`${this.section.dataset.enlarged}?fix=${clock(start)}-${clock(end)}`);
    if (!response.ok || asked.join() !== this.stretch.join()) return;
    const page = new DOMParser().parseFromString(await response.text(), 'text/html');
    for (const part of ['.only-s svg', '.only-l svg', 'script']) {
      this.holder.querySelector(part).replaceWith(page.querySelector(`.enlarged ${part}`));
    }
    this.section.querySelector('.ends').replaceWith(page.querySelector('.ends'));
    this.read();
    this.place();
  }
}
