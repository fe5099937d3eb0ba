// The session's page: drawings that zoom and can be read, corrections without loading the page anew. All of it works without.

import { Chart } from './session-chart.js';
import { Grips } from './session-correct.js';

const main = document.querySelector('main');
const live = document.createElement('p');
live.className = 'sr';
live.setAttribute('role', 'status');
document.body.append(live);

const say = (words) => { live.textContent = words; };
let chart = null, grips = null;

const equip = () => {
  const ribbon = main.querySelector('.ribbon[data-part]'), fix = main.querySelector('.fix');
  chart = ribbon && new Chart(ribbon, say);
  grips = fix && new Grips(fix);
  if (fix && matchMedia('(hover: hover)').matches) fix.querySelector('.keys').hidden = false;
};

const bodyOf = (form, button) => {
  const body = new URLSearchParams(new FormData(form));
  if (button && button.name) body.set(button.name, button.value);
  return body;
};

// The answer is a whole page: what is in it takes the place of what is here, and the card stays where it is on the screen.
const exchange = (text, response, form) => {
  const page = new DOMParser().parseFromString(text, 'text/html'), fresh = page.querySelector('main');
  if (!fresh || !fresh.querySelector('.fix')) { location.assign(response.url); return; }
  const before = main.querySelector('.fix').getBoundingClientRect().top;
  const undone = form.matches('[data-undo], [data-redo]');
  grips.leave();
  chart?.leave();
  main.replaceChildren(...fresh.childNodes);
  document.title = page.title;
  if (response.redirected) history.replaceState(null, '', response.url.split('#')[0]);
  const card = main.querySelector('.fix'), said = main.querySelector('.said');
  if (said) card.prepend(said);
  equip();
  scrollBy(0, card.getBoundingClientRect().top - before);
  const details = card.querySelector('details');
  const next = card.querySelector('[aria-invalid]') || (undone && card.querySelector('.history button:enabled'))
    || (details && !details.open ? details.querySelector('summary') : card.querySelector('.grip'));
  (next || card).focus({ preventScroll: true });
  say(said ? said.textContent : '');
};

main.addEventListener('submit', async (event) => {
  const form = event.target.closest('.fix form');
  if (!form) return;
  event.preventDefault();
  if (form.classList.contains('sending')) return;
  form.classList.add('sending');
  try {
    const response = await fetch(form.action, { method: 'POST', body: bodyOf(form, event.submitter) });
    exchange(await response.text(), response, form);
  } catch {
    form.closest('.fix').querySelector('.unsent').hidden = false;
    form.classList.remove('sending');
  }
});

main.addEventListener('click', (event) => {
  const link = event.target.closest('a[data-zoom]');
  if (!link || !chart || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  chart.follow(link);
  chart.section.scrollIntoView({ block: 'start' });
  chart.box.focus({ preventScroll: true });
});

// Ctrl+Z takes a correction back, Ctrl+Shift+Z or Ctrl+Y brings it back; in a text field they do what they always do.
document.addEventListener('keydown', (event) => {
  const key = event.key.toLowerCase();
  if (!(event.ctrlKey || event.metaKey) || !['z', 'y'].includes(key) || event.target.matches('input, textarea, select')) return;
  const form = main.querySelector(key === 'y' || event.shiftKey ? '[data-redo]' : '[data-undo]');
  if (!form || form.querySelector('button').disabled) return;
  event.preventDefault();
  form.requestSubmit();
});

equip();
