// Reading and zooming a session's drawings: by pointer, wheel, pinch and keys. The server draws; this asks for other parts.

export const clamp = (value, low, high) => Math.min(Math.max(value, low), high);

// Seconds as "13:28" or "1:02:05", up to thousandths where there are any: what the server reads back.
export const clock = (seconds) => {
  const thousandths = Math.round(seconds * 1000), s = Math.floor(thousandths / 1000);
  const pad = (n) => String(n).padStart(2, '0');
  const h = Math.floor(s / 3600), m = Math.floor(s / 60) % 60, rest = thousandths % 1000;
  const fraction = rest ? `.${String(rest).padStart(3, '0')}`.replace(/0+$/, '') : '';
  return (h ? `${h}:${pad(m)}:${pad(s % 60)}` : `${m}:${pad(s % 60)}`) + fraction;
};

// Seconds of "13:28", "1:02:05" or "90", NaN for anything else.
export const secondsOf = (text) => {
  const found = /^(?:(?:(\d{1,3}):)?(\d{1,3}):)?(\d+(?:\.\d+)?)$/.exec(text.trim());
  return found ? Number(found[1] || 0) * 3600 + Number(found[2] || 0) * 60 + Number(found[3]) : NaN;
};

// Pieces of time are [start s, end s, x from, x to]; silences between them were cut out of the drawing.
export const timeAt = (places, x) => {
  const [start, end, left, right] = places.find((p) => x <= p[3]) || places[places.length - 1];
  return start + (end - start) * clamp((x - left) / (right - left || 1), 0, 1);
};

export const placeOf = (places, t) => {
  const [start, end, left, right] = places.find((p) => t <= p[1]) || places[places.length - 1];
  return left + (right - left) * clamp((t - start) / (end - start || 1), 0, 1);
};

export const wide = matchMedia('(min-width: 41.25em)');
export const size = () => (wide.matches ? 'l' : 's');

export const made = (name, css, parent, attributes = {}) => {
  const element = document.createElement(name);
  element.className = css;
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  parent.append(element);
  return element;
};

// The last column that has begun at time t.
const columnAt = (times, t) => {
  let low = 0, high = times.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (times[middle] <= t) low = middle; else high = middle - 1;
  }
  return low;
};

const BACKWARD = 4, FORWARD = [2, 3];
const LEAST_DRAG_PX = 8;

export class Chart {
  constructor(section, say) {
    this.section = section;
    this.say = say;
    this.at = null;
    this.fingers = new Map();
    this.chart = section.querySelector('.chart');
    this.readout = section.querySelector('.readout');
    this.read();
    this.box = made('div', 'cursor', this.chart, { role: 'slider', tabindex: 0, 'aria-label': section.querySelector('h2').textContent });
    this.line = made('i', 'line', this.box);
    this.brush = made('i', 'brush', this.box, { hidden: '' });
    this.dots = new Map();
    this.trackDot = document.querySelector('.track-held') ? made('i', 'dot', document.querySelector('.track-held')) : null;
    this.overview = section.querySelector('.overview');
    this.overview.classList.add('live');
    this.window = made('i', 'window', this.overview);
    this.place();
    this.listen();
    this.hint();
  }

  // -- what the server told ----------------------------------------------------------------------------------------------

  read() {
    this.data = JSON.parse(this.chart.querySelector('script').textContent);
    this.wanted = this.data.view;
  }

  get width() { return size() === 'l' ? '600' : '350'; }
  get places() { return this.data.places[this.width]; }
  get span() { return [this.places[0][2], this.places[this.places.length - 1][3]]; }
  get whole() { return this.wanted[0] <= this.data.bounds[0] && this.wanted[1] >= this.data.bounds[1]; }

  // Lays the parts that move over the drawing that is shown.
  place() {
    const width = Number(this.width), [first, last] = this.span;
    this.box.style.left = `${100 * first / width}%`;
    this.box.style.width = `${100 * (last - first) / width}%`;
    this.box.setAttribute('aria-valuemin', Math.round(this.data.view[0]));
    this.box.setAttribute('aria-valuemax', Math.round(this.data.view[1]));
    this.frame(...this.data.view);
    this.show(this.at === null ? null : clamp(this.at, this.data.view[0], this.data.view[1] - 0.5));
  }

  frame(start, end) {
    const { overview, overview_px: width } = this.data;
    const [left, right] = [placeOf(overview, start), placeOf(overview, end)];
    this.window.style.left = `${100 * left / width}%`;
    this.window.style.width = `${100 * (right - left) / width}%`;
    this.window.hidden = this.whole;
  }

  hint() {
    const { words } = this.data;
    this.readout.textContent = matchMedia('(hover: hover)').matches ? words.hint : words.hint_touch;
    this.readout.removeAttribute('aria-hidden');
  }

  // -- the cursor --------------------------------------------------------------------------------------------------------

  words(i, spoken) {
    const { data } = this, { words } = data;
    const said = [clock(Math.floor(data.t[i])), spoken ? words.ways[data.way[i]] : data.ways[data.way[i]]];
    if (data.speed[i] !== null) said.push(`${data.speed[i].toFixed(2)} ${data.unit}`);
    if (data.heart_rate[i] !== null) said.push(words.heart_rate.replace('{number}', data.heart_rate[i]));
    if (data.cadence[i] !== null) said.push(words.cadence.replace('{number}', data.cadence[i]));
    return said.filter(Boolean).join(spoken ? ', ' : ' · ');
  }

  show(t) {
    const { data } = this;
    this.at = t;
    this.box.classList.toggle('on', t !== null);
    if (this.trackDot) this.trackDot.hidden = t === null;
    const i = t === null ? 0 : columnAt(data.t, t);
    this.box.setAttribute('aria-valuenow', Math.round(t === null ? data.view[0] : data.t[i]));
    this.box.setAttribute('aria-valuetext', this.words(i, true));
    if (t === null) return;
    this.readout.textContent = this.words(i, false);
    const next = data.t[i + 1] === undefined ? data.t[i] + 1 : data.t[i + 1];
    const [first, last] = this.span;
    const left = `${100 * (placeOf(this.places, (data.t[i] + Math.min(next, data.t[i] + 60)) / 2) - first) / (last - first)}%`;
    this.line.style.left = left;
    this.mark(i, left);
    if (this.trackDot) {
      const spot = data.track[i];
      this.trackDot.hidden = !spot;
      if (spot) {
        this.trackDot.style.left = `${100 * spot[0] / data.track_size[0]}%`;
        this.trackDot.style.top = `${100 * spot[1] / data.track_size[1]}%`;
      }
    }
  }

  // A dot on each drawing that has a figure there.
  mark(i, left) {
    const { data } = this, lines = data.lines[this.width], way = data.way[i];
    const height = this.chart.querySelector(`.only-${size()} svg`).viewBox.baseVal.height;
    const signed = way === BACKWARD ? -data.speed[i] : FORWARD.includes(way) ? data.speed[i] : null;
    const values = { ribbon: data.speed[i] === null ? null : signed, heart_rate: data.heart_rate[i] };
    for (const [key, value] of Object.entries(values)) {
      if (!this.dots.has(key)) this.dots.set(key, made('b', 'dot', this.box));
      const dot = this.dots.get(key);
      dot.hidden = value === null || !lines[key];
      if (dot.hidden) continue;
      dot.style.left = left;
      dot.style.top = `${100 * (lines[key][0] + lines[key][1] * value) / height}%`;
    }
  }

  // -- another part ------------------------------------------------------------------------------------------------------

  go(start, end) {
    const { bounds: [low, high], least } = this.data;
    const length = clamp(end - start, Math.min(least, high - low), high - low);
    const begin = clamp((start + end - length) / 2, low, high - length);
    this.wanted = [Math.round(begin), Math.round(begin + length)];
    this.frame(...this.wanted);
    return this.fetchLatest();
  }

  zoom(factor, about) {
    const [start, end] = this.wanted;
    return this.go(about - (about - start) * factor, about + (end - about) * factor);
  }

  pan(share) {
    const [start, end] = this.wanted, by = share * (end - start);
    const { bounds: [low, high] } = this.data;
    const moved = clamp(by, low - start, high - end);
    return this.go(start + moved, end + moved);
  }

  // One request at a time; when it is answered, the latest wish is asked for.
  async fetchLatest() {
    if (this.fetching) return;
    this.fetching = true;
    try {
      let asked;
      do {
        asked = this.wanted;
        const query = `from=${clock(asked[0])}&to=${clock(asked[1])}`;
        const response = await fetch(`${this.section.dataset.part}?${query}&size=${size()}`);
        if (!response.ok) break;
        const wish = this.wanted;
        this.swap(new DOMParser().parseFromString(await response.text(), 'text/html'));
        if (wish !== asked) { this.wanted = wish; this.frame(...wish); }
      } while (this.wanted !== asked && this.wanted.join() !== this.data.view.join());
    } finally {
      this.fetching = false;
    }
  }

  swap(page) {
    const focused = this.section.contains(document.activeElement) ? document.activeElement.dataset.move : null;
    this.chart.querySelector(`.only-${size()} svg`).replaceWith(page.querySelector(`.only-${size()} svg`));
    this.chart.querySelector('script').replaceWith(page.querySelector('.chart script'));
    for (const part of ['.zoom', '.legend']) {
      const old = this.section.querySelector(part), fresh = page.querySelector(part);
      if (old && fresh) old.replaceWith(fresh); else if (old) old.remove(); else if (fresh) this.section.append(fresh);
    }
    if (focused) (this.section.querySelector(`a[data-move="${focused}"]`) || this.box).focus();
    this.read();
    this.place();
    this.remember();
  }

  // The address, the forms and the spoken range follow.
  remember() {
    const [start, end] = this.data.view.map(clock);
    history.replaceState(null, '', `${this.section.dataset.page}?from=${start}&to=${end}`);
    for (const [name, value] of [['view_from', start], ['view_to', end]]) {
      document.querySelectorAll(`input[name=${name}]`).forEach((input) => { input.value = value; });
    }
    this.say(this.section.querySelector('.range').textContent);
  }

  // -- pointers and keys -------------------------------------------------------------------------------------------------

  listen() {
    const { box } = this;
    this.resized = () => { this.place(); this.fetchLatest(); };
    wide.addEventListener('change', this.resized);
    box.addEventListener('pointerdown', (event) => this.down(event));
    box.addEventListener('pointermove', (event) => this.move(event));
    box.addEventListener('pointerup', (event) => this.up(event));
    box.addEventListener('pointercancel', (event) => this.lift(event));
    box.addEventListener('wheel', (event) => this.wheel(event), { passive: false });
    box.addEventListener('keydown', (event) => this.key(event));
    this.section.addEventListener('click', (event) => this.click(event));
    this.overview.addEventListener('pointerdown', (event) => this.grab(event));
  }

  // Nothing here is used any more: the page was exchanged.
  leave() { wide.removeEventListener('change', this.resized); }

  share(event) {
    const { left, width } = this.box.getBoundingClientRect();
    return clamp((event.clientX - left) / width, 0, 1);
  }

  time(share) {
    const [first, last] = this.span;
    return timeAt(this.places, first + (last - first) * share);
  }

  down(event) {
    if (event.pointerType === 'mouse' && event.button) return;
    this.fingers.set(event.pointerId, this.share(event));
    this.box.setPointerCapture(event.pointerId);
    if (this.fingers.size === 2) {
      const [a, b] = this.fingers.values();
      this.pinch = [this.time(a), this.time(b)];
      this.from = null;
    } else {
      this.from = { share: this.share(event), x: event.clientX };
      this.show(this.time(this.share(event)));
    }
  }

  move(event) {
    const share = this.share(event);
    if (this.fingers.has(event.pointerId)) this.fingers.set(event.pointerId, share);
    if (this.fingers.size === 2) return this.pinched();
    this.show(this.time(share));
    const dragged = this.from && event.pointerType === 'mouse' && Math.abs(event.clientX - this.from.x) > LEAST_DRAG_PX;
    this.brush.hidden = !dragged;
    if (!dragged) return undefined;
    this.brush.style.left = `${100 * Math.min(this.from.share, share)}%`;
    this.brush.style.width = `${100 * Math.abs(this.from.share - share)}%`;
    return undefined;
  }

  pinched() {
    const [a, b] = this.fingers.values(), [ta, tb] = this.pinch;
    if (Math.abs(b - a) < 0.02 || ta === tb) return;
    const length = (tb - ta) / (b - a);
    if (length > 0) this.go(ta - a * length, ta + (1 - a) * length);
  }

  up(event) {
    const share = this.share(event), from = this.from;
    this.lift(event);
    if (!from || event.pointerType !== 'mouse' || Math.abs(event.clientX - from.x) <= LEAST_DRAG_PX) return;
    this.go(...[this.time(from.share), this.time(share)].sort((a, b) => a - b));
  }

  lift(event) {
    this.fingers.delete(event.pointerId);
    this.from = null;
    this.brush.hidden = true;
  }

  // With Ctrl (and so by a pinch on a trackpad) always; alone only once the drawing has the focus, so that pages scroll.
  wheel(event) {
    const sideways = Math.abs(event.deltaX) > Math.abs(event.deltaY) || event.shiftKey;
    const meant = event.ctrlKey || event.metaKey || document.activeElement === this.box;
    if (!sideways && !meant) return;
    const by = (event.deltaMode ? 30 : 1) * (sideways ? event.deltaX || event.deltaY : event.deltaY);
    if (sideways ? this.whole : by > 0 && this.whole && !event.ctrlKey) return;
    event.preventDefault();
    if (sideways) this.pan(clamp(by / 600, -0.5, 0.5));
    else this.zoom(Math.exp(clamp(by, -200, 200) / 300), this.time(this.share(event)));
  }

  key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const { data } = this, times = data.t;
    const here = this.at === null ? columnAt(times, (data.view[0] + data.view[1]) / 2) : columnAt(times, this.at);
    const far = Math.max(Math.round(times.length / 20), 1);
    const step = {
      ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1, PageDown: -far, PageUp: far,
    }[event.key];
    if (step) this.step(here, event.shiftKey ? step * 10 : step);
    else if (event.key === '+' || event.key === '=') this.zoom(0.5, times[here]);
    else if (event.key === '-') this.zoom(2, times[here]);
    else if (event.key === 'Home') { this.at = data.bounds[0]; if (this.whole) this.show(this.at); else this.go(...data.bounds); }
    else if (event.key === 'End') this.show(times[times.length - 1]);
    else if (event.key === 'Escape') { this.show(null); this.hint(); }
    else return;
    event.preventDefault();
  }

  // The cursor goes on beyond the edge of what is shown.
  async step(here, by) {
    const { data } = this, to = here + by;
    if (this.at !== null && (to < 0 || to >= data.t.length) && !this.whole) {
      const t = to < 0 ? data.t[0] - 1 : data.t[data.t.length - 1] + 1;
      await this.pan(Math.sign(by) * 0.5);
      this.show(clamp(t, this.data.view[0], this.data.view[1] - 0.5));
      return;
    }
    this.show(data.t[this.at === null ? here : clamp(to, 0, data.t.length - 1)]);
  }

  click(event) {
    const link = event.target.closest('a[data-move]');
    if (link && !event.ctrlKey && !event.metaKey) { event.preventDefault(); this.follow(link); }
  }

  // Goes where a link of the page leads.
  follow(link) {
    const asked = new URL(link.href).searchParams;
    return this.go(secondsOf(asked.get('from')), secondsOf(asked.get('to')));
  }

  // In the overview: drag the frame, or draw a new one; a click brings it there.
  grab(event) {
    if (event.button) return;
    const { overview, overview_px: width } = this.data;
    const time = (e) => {
      const { left, width: px } = this.overview.getBoundingClientRect();
      return timeAt(overview, clamp((e.clientX - left) / px, 0, 1) * width);
    };
    const [start, end] = this.wanted, begun = time(event), x = event.clientX;
    const inside = !this.whole && begun >= start && begun <= end;
    this.overview.setPointerCapture(event.pointerId);
    const move = (e) => {
      if (Math.abs(e.clientX - x) <= LEAST_DRAG_PX) return;
      const { bounds: [low, high] } = this.data;
      const by = clamp(time(e) - begun, low - start, high - end);
      if (inside) this.go(start + by, end + by); else this.go(...[begun, time(e)].sort((a, b) => a - b));
    };
    const stop = (e) => {
      this.overview.removeEventListener('pointermove', move);
      const still = Math.abs(e.clientX - x) <= LEAST_DRAG_PX;
      if (still && !this.whole && e.type === 'pointerup') this.go(begun - (end - start) / 2, begun + (end - start) / 2);
    };
    this.overview.addEventListener('pointermove', move);
    this.overview.addEventListener('pointerup', stop, { once: true });
    this.overview.addEventListener('pointercancel', stop, { once: true });
  }
}
