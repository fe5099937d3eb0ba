// A cursor over every drawing of time: by pointer, by arrow keys, with what it reads in words. The page works without it.
(() => {
  const clock = (seconds) => {
    const s = Math.round(seconds), pad = (n) => String(n).padStart(2, '0');
    const h = Math.floor(s / 3600), m = Math.floor(s / 60) % 60;
    return h ? `${h}:${pad(m)}:${pad(s % 60)}` : `${m}:${pad(s % 60)}`;
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

  const timeAt = (places, x) => {
    const piece = places.find((p) => x <= p[3]) || places[places.length - 1];
    const [start, end, left, right] = piece;
    return start + (end - start) * Math.min(Math.max((x - left) / (right - left || 1), 0), 1);
  };

  const placeOf = (places, t) => {
    const [start, end, left, right] = places.find((p) => t <= p[1]) || places[places.length - 1];
    return left + (right - left) * Math.min(Math.max((t - start) / (end - start || 1), 0), 1);
  };

  const words = (data, i) => {
    const said = [clock(data.t[i]), data.ways[data.way[i]]];
    if (data.speed[i] !== null) said.push(`${data.speed[i].toFixed(2)} ${data.unit}`);
    if (data.heart_rate[i] !== null) said.push(`heart rate ${data.heart_rate[i]}`);
    if (data.cadence[i] !== null) said.push(`cadence ${data.cadence[i]}`);
    return said.filter(Boolean).join(' · ');
  };

  const equip = (chart) => {
    const data = JSON.parse(chart.querySelector('script').textContent);
    if (!data.t) return;
    const readout = document.createElement('p');
    readout.className = 'readout';
    readout.textContent = 'Point at the drawing, or use the arrow keys, to read it.';
    chart.append(readout);
    const cursors = [];
    let at = 0;

    const show = (i) => {
      at = Math.min(Math.max(i, 0), data.t.length - 1);
      readout.textContent = words(data, at);
      const middle = data.t[at] + ((data.t[at + 1] || data.t[at] + 1) - data.t[at]) / 2;
      for (const { box, places } of cursors) {
        const [first, last] = [places[0][2], places[places.length - 1][3]];
        box.classList.add('on');
        box.firstChild.style.left = `${100 * (placeOf(places, middle) - first) / (last - first)}%`;
        box.setAttribute('aria-valuenow', at);
        box.setAttribute('aria-valuetext', readout.textContent);
      }
    };

    for (const svg of chart.querySelectorAll('svg')) {
      const width = svg.viewBox.baseVal.width, places = data.places[String(width)];
      const [first, last] = [places[0][2], places[places.length - 1][3]];
      const box = document.createElement('div');
      box.className = 'cursor';
      box.append(document.createElement('i'));
      box.tabIndex = 0;
      box.style.left = `${100 * first / width}%`;
      box.style.width = `${100 * (last - first) / width}%`;
      const attributes = { role: 'slider', 'aria-label': `Read ${chart.dataset.words}`, 'aria-valuemin': 0, 'aria-valuemax': data.t.length - 1, 'aria-valuenow': 0, 'aria-valuetext': words(data, 0) };
      for (const [name, value] of Object.entries(attributes)) box.setAttribute(name, value);
      const point = (event) => {
        const { left, width: wide } = box.getBoundingClientRect();
        show(columnAt(data.t, timeAt(places, first + (last - first) * (event.clientX - left) / wide)));
      };
      box.addEventListener('pointermove', point);
      box.addEventListener('pointerdown', point);
      box.addEventListener('keydown', (event) => {
        const far = Math.max(Math.round(data.t.length / 20), 1);
        const step = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1, PageDown: -far, PageUp: far, Home: -Infinity, End: Infinity }[event.key];
        if (!step) return;
        event.preventDefault();
        show(at + step);
      });
      svg.parentElement.classList.add('held');
      svg.parentElement.append(box);
      cursors.push({ box, places });
    }
  };

  document.querySelectorAll('.chart').forEach(equip);
})();
