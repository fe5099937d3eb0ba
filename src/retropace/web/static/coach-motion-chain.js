// What is so now, given all that was felt until now: a hidden Markov model, run forward in time. States and numbers are those
// with which the recording is read later (direction.py); what only the whole session can tell is not known yet.

const sum = (values) => values.reduce((all, one) => all + one, 0);

/** Several readings of the same evidence side by side, each weighed by how well it explains what was felt. */
export class Chain {
  /** @param {{transition: number[][], initial: number[]}} numbers  @param {number[]} readings log-odds of each beforehand */
  constructor({ transition, initial }, readings) {
    Object.assign(this, { transition, initial, readings: readings.map((nats) => ({ nats, state: null })) });
  }

  /** How probable each reading is. */
  get weights() {
    const most = Math.max(...this.readings.map(({ nats }) => nats)), each = this.readings.map(({ nats }) => Math.exp(nats - most)), whole = sum(each);
    return each.map((one) => one / whole);
  }

  /**
   * A second later.
   * @param {number[][]} nats of each state, for each reading  @param {number[][]} transition where it is not the usual one
   * @returns {number[]} the probability of each state
   */
  step(nats, transition = this.transition) {
    this.readings.forEach((reading, number) => this.heard(reading, nats[number], transition));
    const { weights } = this;
    return this.initial.map((_, k) => sum(this.readings.map(({ state }, i) => weights[i] * state[k])));
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
}

/**
 * Turning as it is just after somebody asked for it: `share` of those who are asked do it within `within_s`, or set off so from
 * standing, as far as we dare to count on it; the rest as ever.
 */
export function urged(transition, from, to, share, within_s) {
  const more = 1 - (1 - share) ** (1 / within_s);
  return transition.map((row, state) => {
    const part = state === 0 ? share : from.includes(state) ? more : 0, turned = [...row];
    if (!part) return row;
    const taken = state === 0 ? from : row.map((_, k) => k), gone = taken.map((k) => turned[k] * part);
    taken.forEach((k, i) => { turned[k] -= gone[i]; });
    if (state === 0) from.forEach((k, i) => { turned[to[i]] += gone[i]; });
    else turned[to[from.indexOf(state)]] += sum(gone);
    return turned;
  });
}
