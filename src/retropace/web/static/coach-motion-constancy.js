// Nobody turns round within one unbroken stretch of one gait: motion/constancy.py for the last second, by what came before it.

/** Rows that are kept: all that lies within earshot, and what is needed to tell where that stretch began [s]. */
const BESIDE = 10;

export class Constancy {
  /** @param {{reach_s, slack, around_s, spun_rad, apart_s, agreed_from, agreed_fully, most_nats}} numbers */
  constructor(numbers) {
    Object.assign(this, { numbers, rows: [] });
  }

  /** A second: what its steps were, where the phone pointed, and of each gait what was said {way: [x, y], weight}. */
  put(second, { vertical, level, hz }, heading, said) {
    this.rows.push({ second, hard: Math.hypot(vertical, level) || 0, hz, heading, said });
    if (this.rows.length > this.numbers.reach_s + BESIDE) this.rows.shift();
  }

  /** What is to be believed of the last second in one gait, 0 to 1. */
  share(gait) {
    const { agreed_from, agreed_fully, most_nats } = this.numbers, { way } = this.rows.at(-1).said[gait];
    let whole = 0, along = 0;
    for (const { said } of this.rows.slice(this.first())) {
      const one = said[gait];
      if (!one) continue;
      whole += one.weight;
      along += one.weight * (one.way[0] * way[0] + one.way[1] * way[1]);
    }
    const size = Math.max(whole, 1e-9), believed = (along / size - agreed_from) / (agreed_fully - agreed_from);
    return Math.min(1, Math.max(0, believed)) * Math.min(1, most_nats / size);
  }

  /** The row from which on the last one's stretch lies within earshot. */
  first() {
    const { rows, numbers } = this, last = rows.length - 1;
    let at = last;
    const begins = (i) => i === 0 || this.broken(i) || this.broken(i - 1) || rows[i].second - rows[i - 1].second > numbers.apart_s;
    while (!begins(at)) at -= 1;
    return Math.max(at, last - numbers.reach_s);
  }

  /** Whether somebody may have come to rest in a second, or spun round. */
  broken(at) {
    const { rows } = this, { slack, spun_rad } = this.numbers, before = this.usual(at, -1), after = this.usual(at, 1);
    const usual = Number.isFinite(rows[at].hz) ? Math.min(before, after) : Math.max(before, after);
    const turned = at > 0 && at < rows.length - 1 ? Math.abs(rows[at + 1].heading - rows[at - 1].heading) : 0;
    return rows[at].hard < slack * usual || turned > spun_rad;
  }

  /** How hard somebody moved in the seconds before or after: the middle of them; beyond the ends as at them. */
  usual(at, way) {
    const { around_s } = this.numbers, last = this.rows.length - 1;
    const near = Array.from({ length: around_s }, (_, k) => this.rows[Math.min(last, Math.max(0, at + way * (k + 1)))].hard).sort((a, b) => a - b);
    return (near[Math.floor((around_s - 1) / 2)] + near[Math.floor(around_s / 2)]) / 2;
  }
}
