/** Mending: which strokes are selected, and what is done to them, with a way back. */

import { History } from "/page/history.js";

export class Mend {
  /** @param shown called when the strokes are others; picked, when the selection is */
  constructor(shown, picked) {
    Object.assign(this, { shown, picked, selected: new Set(), history: new History() });
  }

  get strokes() {
    return this.history.now?.strokes ?? [];
  }

  /** Whether the strokes are still as they were found. */
  get state() {
    return this.history.now;
  }

  /** Begin with a state of strokes and what is known of them, or go on with it after the states before. */
  begin(state, anew) {
    if (anew) this.history.clear();
    this.history.push(state);
    this.selected.clear();
    this.shown();
  }

  select(i, more = false) {
    const on = this.selected.has(i) && (more || this.selected.size === 1);
    if (!more) this.selected.clear();
    if (on) this.selected.delete(i);
    else if (i >= 0) this.selected.add(i);
    this.picked();
  }

  selectAll() {
    this.selected = new Set(this.strokes.keys());
    this.picked();
  }

  /** The stroke at a point of the picture, within a reach of its edge: -1 for none. */
  at(x, y, reach) {
    let best = -1, least = reach;
    this.strokes.forEach((stroke, i) => {
      const away = stroke.nearest(x, y).away - stroke.width / 2;
      if (away < least) [best, least] = [i, away];
    });
    return best;
  }

  remove() {
    const gone = [...this.state.gone, ...this.strokes.filter((_, i) => this.selected.has(i))];
    this.change(this.strokes.filter((_, i) => !this.selected.has(i)), [], { gone });
  }

  reverse() {
    this.change(this.strokes.map((stroke, i) => (this.selected.has(i) ? kept(stroke.reversed()) : stroke)), [...this.selected]);
  }

  /** Cut stroke i at a parameter; its parts are selected. Returns whether it was cut. */
  cut(i, param) {
    const parts = this.strokes[i]?.cutAt(param) ?? [];
    if (!parts.length) return false;
    this.selected = new Set([i]);
    this.change(this.strokes.toSpliced(i, 1, ...parts.map(kept)), parts.map((_, k) => i + k));
    return true;
  }

  get canJoin() {
    return this.selected.size === 2;
  }

  /** Make one of the two selected strokes, in the place of the first. */
  join() {
    if (!this.canJoin) return;
    const [i, k] = [...this.selected].sort((a, b) => a - b), one = kept(this.strokes[i].joinedWith(this.strokes[k]));
    this.change(this.strokes.toSpliced(k, 1).toSpliced(i, 1, one), [i]);
  }

  /** Move the selected strokes one place, earlier (-1) or later (1). */
  shift(way) {
    const order = [...this.strokes.keys()], ids = way < 0 ? [...order] : [...order].reverse();
    for (const id of ids) {
      const at = order.indexOf(id), to = at + way;
      if (!this.selected.has(id) || to < 0 || to >= order.length || this.selected.has(order[to])) continue;
      [order[at], order[to]] = [order[to], order[at]];
    }
    this.reorder(order);
  }

  /** Move one stroke to another's place. */
  move(from, to) {
    if (from === to) return;
    const order = [...this.strokes.keys()];
    order.splice(to > from ? to - 1 : to, 0, ...order.splice(from, 1));
    this.selected = new Set([from]);
    this.reorder(order);
  }

  reorder(order) {
    if (order.every((id, i) => id === i)) return;
    const strokes = this.strokes;
    this.change(order.map((id) => (this.selected.has(id) ? kept(strokes[id].again()) : strokes[id])), order.flatMap((id, i) => (this.selected.has(id) ? [i] : [])));
  }

  change(strokes, selected, more = {}) {
    if (!this.selected.size) return;
    this.history.push({ ...this.state, ...more, strokes, mended: true });
    this.selected = new Set(selected);
    this.shown();
  }

  travel(way) {
    if (way < 0 ? !this.history.canUndo : !this.history.canRedo) return;
    this.history.move(way);
    this.selected.clear();
    this.shown();
  }
}

/** What was mended stays when the picture is traced anew. */
function kept(stroke) {
  stroke.kept = true;
  return stroke;
}
