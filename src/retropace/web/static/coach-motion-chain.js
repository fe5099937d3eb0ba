// What is so now, given all that was felt until now: a hidden Markov model, run forward in time. States and numbers are those
// with which the recording is read later (direction.py); what only the whole session can tell is not known yet.

const sum = (values) => values.reduce((all, one) => all + one, 0);

/** Several readings of the same evidence side by side, each weighed by how well it explains what was felt. */
export class Chain {
  /** @param {{transition: number[][], initial: number[], readings: number[]}} numbers  readings: log-odds of each reading */
  constructor({ transition, initial, readings }) {
    Object.assign(this, { transition, initial });
    this.readings = readings.map((nats) => ({ nats, state: null }));
  }

  /** A silence: whatever was done in it, it begins anew. */
  restart() { for (const reading of this.readings) reading.state = null; }

  /**
   * A second later.
   * @param {Array<number[]>} nats of each state, for each reading  @param {number[][]} transition where it is not the usual one
   * @returns {number[]} the probability of each state
   */
  step(nats, transition = this.transition) {
    this.readings.forEach((reading, number) => this.heard(reading, nats[number], transition));
    const most = Math.max(...this.readings.map((reading) => reading.nats));
    const weights = this.readings.map((reading) => Math.exp(reading.nats - most)), whole = sum(weights);
    return this.initial.map((_, k) => sum(this.readings.map(({ state }, i) => (weights[i] / whole) * state[k])));
  }

  heard(reading, nats, transition) {
    const { state } = reading, peak = Math.max(...nats);
    const next = this.initial.map((first, k) => {
      const before = state ? sum(state.map((share, from) => share * transition[from][k])) : first;
      return before * Math.exp(Math.max(nats[k] - peak, -50));
    });
    const whole = Math.max(sum(next), 1e-300);
    reading.state = next.map((share) => share / whole);
    reading.nats += peak + Math.log(whole);
  }

  /** How surely the likeliest reading is the right one. */
  get settled() {
    const most = Math.max(...this.readings.map((reading) => reading.nats));
    return 1 / sum(this.readings.map((reading) => Math.exp(reading.nats - most)));
  }
}

/** What may be added towards backward over one stretch: no witness says more in all than it is worth. */
export class Purse {
  constructor(cap_nats, turned_s) { Object.assign(this, { cap_nats, turned_s, spent: 0, since: 0, lately: 0 }); }

  /** `nats` of this second, less where the purse is empty; a lasting word for forward fills it again. */
  pay(nats) {
    this.lately += (nats - this.lately) / 10;
    if (this.lately <= 0) Object.assign(this, { spent: 0, since: 0 });
    this.since += 1;
    if (!(nats > 0)) return nats;
    const paid = Math.min(nats, Math.max(0, this.cap_nats + this.since / this.turned_s - this.spent));
    this.spent += paid;
    return paid;
  }
}
