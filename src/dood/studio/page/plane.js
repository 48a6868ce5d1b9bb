/** A drawing as it is seen from one place: the ground and the finished strokes, drawn sharp once and kept. */

import { Finished } from "/page/layers.js";

export class Plane {
  constructor() {
    this.over = new Finished();
  }

  /** Whether these are the strokes in it, in these colours, on a canvas of this size. */
  has({ strokes, colours }, { width, height }) {
    return this.over.strokes === strokes && this.colours === colours && this.over.canvas.width === width && this.over.canvas.height === height;
  }

  /** Whether it is all that, seen from a place: the six numbers from pixels of the picture to those of the screen. */
  at(scene, canvas, place) {
    return this.has(scene, canvas) && this.place.every((value, i) => value === place[i]);
  }

  /** See a drawing on a canvas from a place. */
  see(scene, canvas, place) {
    if (this.at(scene, canvas, place)) return;
    Object.assign(this, { colours: scene.colours, place, ground: null });
    this.over.clear(scene.strokes, canvas.width, canvas.height, place);
  }

  /** What lies under the strokes, as it was painted last while `version` was the same: scaling a large picture anew for
   * every frame takes longer than the strokes. */
  under(version, paint) {
    if (this.ground && this.version.every((value, i) => value === version[i])) return this.ground;
    const { width, height } = this.over.canvas;
    Object.assign(this, { version, ground: new OffscreenCanvas(width, height) });
    const pen = this.ground.getContext("2d");
    pen.setTransform(...this.place);
    pen.lineCap = pen.lineJoin = "round";
    paint(pen);
    return this.ground;
  }

  /** Where the canvas lies when the drawing is seen from another place: left, top, width, height. */
  seenFrom(place) {
    const by = place[0] / this.place[0], { width, height } = this.over.canvas;
    const corner = [4, 5].map((i) => place[i] - by * this.place[i]);
    return [...(by === 1 ? corner.map(Math.round) : corner), by * width, by * height];
  }

  /** Whether any of a stroke can be seen. */
  touches({ box: [left, top, right, bottom], width }) {
    const [scale, , , , x, y] = this.place, edge = width / 2 + 2 / scale, { canvas } = this.over;
    return (right + edge) * scale + x >= 0 && (left - edge) * scale + x <= canvas.width
      && (bottom + edge) * scale + y >= 0 && (top - edge) * scale + y <= canvas.height;
  }
}
