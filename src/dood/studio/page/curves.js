/** Bezier pieces of one degree, end to end, neighbours sharing a control value: cut, raised in degree, put together.
 * A chain is {values, pieces}; values are numbers or points, as the JSON format has them. */

const mix = (a, b, u) => (typeof a === "number" ? a + u * (b - a) : a.map((value, i) => value + u * (b[i] - value)));

export const degreeOf = ({ values, pieces }) => (values.length - 1) / pieces;

/** The chain before and after a parameter t in (0, pieces), of which the whole part says the piece. */
export function cut(chain, t) {
  const { values, pieces } = chain, degree = degreeOf(chain);
  if (!degree) return [{ values, pieces: 1 }, { values, pieces: 1 }];
  const piece = Math.min(Math.floor(t), pieces - 1), at = piece * degree;
  const [left, right] = halves(values.slice(at, at + degree + 1), t - piece);
  return [
    whole({ values: [...values.slice(0, at), ...left], pieces: piece + 1 }, t > piece, degree, false),
    whole({ values: [...right, ...values.slice(at + degree + 1)], pieces: pieces - piece }, t < piece + 1, degree, true),
  ];
}

/** Without the piece of no length that a cut between two pieces leaves. */
function whole({ values, pieces }, full, degree, first) {
  if (full || pieces === 1) return { values, pieces };
  return { values: first ? values.slice(degree) : values.slice(0, -degree), pieces: pieces - 1 };
}

/** De Casteljau's two halves of one piece. */
function halves(controls, u) {
  const left = [controls[0]], right = [controls.at(-1)];
  for (let level = controls; level.length > 1;) {
    level = level.slice(1).map((value, i) => mix(level[i], value, u));
    left.push(level[0]);
    right.unshift(level.at(-1));
  }
  return [left, right];
}

/** The same chain with pieces of a higher degree. */
export function raised(chain, degree) {
  const { values, pieces } = chain;
  let own = degreeOf(chain);
  if (own === degree) return chain;
  if (!own) return { values: Array(pieces * degree + 1).fill(values[0]), pieces };
  let parts = Array.from({ length: pieces }, (_, i) => values.slice(i * own, (i + 1) * own + 1));
  for (; own < degree; own++) {
    parts = parts.map((part) => Array.from({ length: own + 2 }, (_, i) => (i > own ? part[own] : mix(part[i], part[i - 1] ?? part[i], i / (own + 1)))));
  }
  return { values: parts.flatMap((part, i) => (i ? part.slice(1) : part)), pieces };
}

/** Two chains of one degree as one, with a straight piece between them, or meeting halfway. */
export function joined(one, two, bridged) {
  const degree = degreeOf(one), end = one.values.at(-1), start = two.values[0];
  if (bridged) {
    const between = Array.from({ length: degree - 1 }, (_, i) => mix(end, start, (i + 1) / degree));
    return { values: [...one.values, ...between, ...two.values], pieces: one.pieces + two.pieces + 1 };
  }
  return { values: [...one.values.slice(0, -1), mix(end, start, 0.5), ...two.values.slice(1)], pieces: one.pieces + two.pieces };
}

export const turned = ({ values, pieces }) => ({ values: [...values].reverse(), pieces });

/** Mean of a chain of numbers over its parameter. */
export function mean(chain) {
  const degree = degreeOf(chain), { values, pieces } = chain;
  if (!degree) return values[0];
  let sum = 0;
  for (let i = 0; i < pieces; i++) for (let k = 0; k <= degree; k++) sum += values[i * degree + k];
  return sum / (pieces * (degree + 1));
}
