/** A stroke as the page draws it: a polyline along its Bezier pieces, with the length so far at each point. */

import { cut, degreeOf, joined, mean, raised, turned } from "/page/curves.js";

const STEP = 2;
const MOST = 48;

/** Of a parameter: so near to an end nothing is cut off. Pixels between ends that meet when strokes are joined. */
const ENDS = 1e-3, SNAP = 1.5;

export class Stroke {
  /** @param plain a stroke of the JSON format: points, width, and maybe widths, pieces, closed, colour, fill */
  constructor(plain) {
    this.plain = plain;
    this.width = plain.width;
    [this.points, this.params] = plain.line ? [plain.line] : along(plain.points, plain.pieces ?? 1);
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

  /** Left, top, right and bottom of the line, without its width. */
  get box() {
    this.bounds ??= this.points.reduce(([left, top, right, bottom], [x, y]) => [Math.min(left, x), Math.min(top, y), Math.max(right, x), Math.max(bottom, y)],
      [Infinity, Infinity, -Infinity, -Infinity]);
    return this.bounds;
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

  /** Where the line is nearest to a point: how far `away`, the `point` and the `param` there. */
  nearest(x, y) {
    let best = { away: Infinity };
    for (let i = 0; i < this.points.length; i++) {
      const [a, b] = this.points[i], [c, d] = this.points[i + 1] ?? this.points[i];
      const dx = c - a, dy = d - b;
      const u = Math.max(0, Math.min(1, ((x - a) * dx + (y - b) * dy) / (dx * dx + dy * dy || 1)));
      const away = Math.hypot(x - a - u * dx, y - b - u * dy);
      if (away < best.away) best = { away, point: [a + u * dx, b + u * dy], param: this.param(i, u) };
    }
    return best;
  }

  /** The parameter, of which every piece has 1, between points i and i + 1. */
  param(i, u) {
    const from = this.params?.[i] ?? 0;
    return from + u * ((this.params?.[i + 1] ?? from) - from);
  }

  /** The parameter at a share of the length. */
  paramAt(share) {
    const end = share * this.length, i = Math.max(0, this.lengths.findIndex((length) => length >= end) - 1);
    return this.param(i, (end - this.lengths[i]) / (this.lengths[i + 1] - this.lengths[i] || 1));
  }

  /** The strokes before and after a parameter; a closed one is opened there. None where nothing would be cut off. */
  cutAt(t) {
    if (this.isDot || !(t > ENDS && t < this.curve.pieces - ENDS)) return this.plain.closed ? [this.with(this.curve, this.pen)] : [];
    const [before, after] = cut(this.curve, t), [early, late] = cut(this.pen, t);
    if (!this.plain.closed) return [this.with(before, early), this.with(after, late)];
    return [this.with(joined(after, before, false), degreeOf(this.pen) ? joined(late, early, false) : this.pen)];
  }

  /** This stroke and another as one, from end to nearest end; this one keeps its direction. */
  joinedWith(other) {
    const ends = (stroke) => [stroke.points[0], stroke.points.at(-1)], apart = ([a, b], [c, d]) => Math.hypot(a - c, b - d);
    const [start, end] = ends(this), [from, to] = ends(other);
    const ways = [[end, from, false, false], [end, to, false, true], [start, to, true, false], [start, from, true, true]];
    const [p, q, first, flip] = ways.reduce((best, way) => (apart(way[0], way[1]) < apart(best[0], best[1]) ? way : best));
    const degree = Math.max(1, degreeOf(this.curve), degreeOf(other.curve));
    const thick = this.width === other.width && !degreeOf(this.pen) && !degreeOf(other.pen) ? 0 : Math.max(1, degreeOf(this.pen), degreeOf(other.pen));
    const bridged = apart(p, q) > SNAP;
    const both = (mine, theirs, to) => {
      const [one, two] = [raised(mine, to), raised(flip ? turned(theirs) : theirs, to)];
      return first ? joined(two, one, bridged) : joined(one, two, bridged);
    };
    return this.with(both(this.curve, other.curve, degree), thick ? both(this.pen, other.pen, thick) : this.pen);
  }

  get curve() {
    return { values: this.plain.points, pieces: this.plain.pieces ?? 1 };
  }

  get pen() {
    return { values: this.plain.widths ?? [this.plain.width], pieces: this.plain.pieces ?? 1 };
  }

  /** An open stroke of this one's colour along another curve. */
  with({ values: points, pieces }, pen) {
    const { points: _, width, widths, pieces: __, closed, fill, ...rest } = this.plain;
    const plain = { points, width: mean(pen), ...rest };
    if (pen.values.length > 1) plain.widths = pen.values;
    if (pieces > 1) plain.pieces = pieces;
    return new Stroke(plain);
  }

  again() {
    return new Stroke(this.plain);
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

/** Points along Bezier pieces, and the parameter at each. */
function along(controls, pieces) {
  const degree = (controls.length - 1) / pieces, points = [controls[0]], params = [0];
  if (!degree) return [points, params];
  for (let piece = 0; piece < pieces; piece++) {
    const own = controls.slice(piece * degree, (piece + 1) * degree + 1);
    let polygon = 0;
    for (let i = 1; i < own.length; i++) polygon += Math.hypot(own[i][0] - own[i - 1][0], own[i][1] - own[i - 1][1]);
    const count = degree === 1 ? 1 : Math.max(2, Math.min(MOST, Math.ceil(polygon / STEP)));
    for (let i = 1; i <= count; i++) {
      points.push(bezier(own, i / count));
      params.push(piece + i / count);
    }
  }
  return [points, params];
}

function bezier(controls, u) {
  let level = controls;
  while (level.length > 1) level = level.slice(1).map(([x, y], i) => [level[i][0] + u * (x - level[i][0]), level[i][1] + u * (y - level[i][1])]);
  return level[0];
}
