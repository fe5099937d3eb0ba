// Small sums that the looks share. A complex number is [real, imaginary].

export const times = ([a, b], [c, d]) => [a * c - b * d, a * d + b * c];
export const conj = ([a, b]) => [a, -b];
export const size = ([a, b]) => Math.hypot(a, b);
export const clip = (value, low, high) => Math.min(high, Math.max(low, value));

export function dot(a, b) {
  let sum = 0;
  for (let i = 0; i < a.length; i += 1) sum += a[i] * b[i];
  return sum;
}

export function mean(values) {
  let sum = 0;
  for (let i = 0; i < values.length; i += 1) sum += values[i];
  return sum / values.length;
}

/** Mean square about the mean. */
export function spread(values) {
  const middle = mean(values);
  let sum = 0;
  for (let i = 0; i < values.length; i += 1) sum += (values[i] - middle) ** 2;
  return sum / values.length;
}

/** Moments of a window's samples from its middle [s]. */
export const clock = (length, hz) => Float64Array.from({ length }, (_, i) => (i - (length - 1) / 2) / hz);

/** A taper that ends beyond the window, the same read from either end. */
export const hann = (length) => clock(length, length + 1).map((share) => Math.cos(Math.PI * share) ** 2);

export const wave = (time, hz, shape) => time.map((t) => shape(2 * Math.PI * hz * t));

/** The first `count` rows that give the amplitudes of `shapes` in a window, weighted least squares of them all together. */
export function rows(shapes, weight, count) {
  const weighed = shapes.map((shape) => shape.map((value, i) => value * weight[i]));
  const table = shapes.map((a, i) => [...shapes.map((b) => dot(b, weighed[i])), ...shapes.map((_, k) => +(k === i))]);
  for (let k = 0; k < table.length; k += 1) {
    const own = table[k], pivot = own[k];
    for (let j = 0; j < own.length; j += 1) own[j] /= pivot;
    for (const other of table) {
      const factor = other[k];
      if (other !== own && factor) for (let j = 0; j < own.length; j += 1) other[j] -= factor * own[j];
    }
  }
  return table.slice(0, count).map((row) => {
    const made = new Float64Array(weight.length);
    weighed.forEach((shape, k) => { for (let i = 0; i < made.length; i += 1) made[i] += row[shapes.length + k] * shape[i]; });
    return made;
  });
}
