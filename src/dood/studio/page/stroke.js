/** A stroke as the page draws it: a polyline along its Bezier pieces, with the length so far at each point. */

const STEP = 2;
const MOST = 48;

export class Stroke {
  /** @param plain a stroke of the JSON format: points, width, and maybe widths, pieces, closed, colour, fill */
  constructor(plain) {
    this.plain = plain;
    this.width = plain.width;
    this.points = plain.line ?? along(plain.points, plain.pieces ?? 1);
    this.lengths = [0];
    for (let i = 1; i < this.points.length; i++) {
      const [x, y] = this.points[i], [a, b] = this.points[i - 1];
      this.lengths.push(this.lengths[i - 1] + Math.hypot(x - a, y - b));
    }
    this.length = this.lengths.at(-1);
    this.path = pathOf(this.points);
  }

  get isDot() {
    return this.length === 0;
  }

  /** The points up to a share of the length, the last of them in between. */
  upTo(share) {
    const end = share * this.length;
    let i = 1;
    while (i < this.points.length && this.lengths[i] < end) i++;
    const part = this.points.slice(0, i);
    if (i < this.points.length) {
      const u = (end - this.lengths[i - 1]) / (this.lengths[i] - this.lengths[i - 1] || 1);
      const [a, b] = this.points[i - 1], [x, y] = this.points[i];
      part.push([a + u * (x - a), b + u * (y - b)]);
    }
    return part;
  }

  /** Distance of a point from the nearest point of the line. */
  distance(x, y) {
    let least = Infinity;
    for (let i = 0; i < this.points.length; i++) {
      const [a, b] = this.points[i], [c, d] = this.points[i + 1] ?? this.points[i];
      const dx = c - a, dy = d - b;
      const u = Math.max(0, Math.min(1, ((x - a) * dx + (y - b) * dy) / (dx * dx + dy * dy || 1)));
      least = Math.min(least, Math.hypot(x - a - u * dx, y - b - u * dy));
    }
    return least;
  }

  /** The same stroke, drawn from its other end. */
  reversed() {
    const plain = { ...this.plain, points: [...this.plain.points].reverse() };
    if (plain.widths) plain.widths = [...plain.widths].reverse();
    return new Stroke(plain);
  }
}

export function pathOf(points) {
  const path = new Path2D();
  path.moveTo(...points[0]);
  if (points.length === 1) path.lineTo(...points[0]);
  for (let i = 1; i < points.length; i++) path.lineTo(...points[i]);
  return path;
}

function along(controls, pieces) {
  const degree = (controls.length - 1) / pieces;
  if (!degree) return [controls[0]];
  const points = [controls[0]];
  for (let piece = 0; piece < pieces; piece++) {
    const own = controls.slice(piece * degree, (piece + 1) * degree + 1);
    let polygon = 0;
    for (let i = 1; i < own.length; i++) polygon += Math.hypot(own[i][0] - own[i - 1][0], own[i][1] - own[i - 1][1]);
    const count = degree === 1 ? 1 : Math.max(2, Math.min(MOST, Math.ceil(polygon / STEP)));
    for (let i = 1; i <= count; i++) points.push(bezier(own, i / count));
  }
  return points;
}

function bezier(controls, u) {
  let level = controls;
  while (level.length > 1) level = level.slice(1).map(([x, y], i) => [level[i][0] + u * (x - level[i][0]), level[i][1] + u * (y - level[i][1])]);
  return level[0];
}
