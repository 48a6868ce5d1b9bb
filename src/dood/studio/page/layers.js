/** Strokes that are finished, drawn once: a layer that grows with time, and copies of it to go on from. */

/** Bytes of all copies, and the fewest strokes from one to the next. */
const ROOM = 96 * 2 ** 20, EVERY = 16;

const tip = new OffscreenCanvas(1, 1).getContext("2d");

export class Finished {
  constructor() {
    this.copies = [];
  }

  /** The first `done` strokes on a canvas; what was drawn for another moment is used again.
   *
   * @param trace draws stroke i with a pen
   */
  upTo(done, trace) {
    const at = Math.min(this.copies.length, Math.floor(done / this.every));
    if (done < this.done || at * this.every > this.done) this.restore(at);
    while (this.done < done) {
      trace(this.pen, this.done++);
      if (this.done % this.every === 0 && this.done / this.every > this.copies.length) this.copies.push(this.copy());
    }
    return this.canvas;
  }

  /** Begin anew, with other strokes, from another place or on a canvas of another size. */
  clear(strokes, width, height, place) {
    Object.assign(this, { strokes, place, copies: [], done: 0, canvas: new OffscreenCanvas(width, height) });
    this.every = Math.max(EVERY, Math.ceil(strokes.length * width * height * 4 / ROOM));
    this.pen = this.canvas.getContext("2d");
    this.setUp();
  }

  /** Keep the layer alone, without the copies. */
  spare() {
    this.copies = [];
  }

  /** Let the browser draw now what it was told to: it puts that off, until all is drawn in one frame. */
  flush() {
    tip.drawImage(this.canvas, 0, 0, 1, 1, 0, 0, 1, 1);
  }

  /** Go to a copy, counted from 1, or to the empty layer. */
  restore(at) {
    this.pen.setTransform(1, 0, 0, 1, 0, 0);
    this.pen.clearRect(0, 0, this.canvas.width, this.canvas.height);
    if (at) this.pen.drawImage(this.copies[at - 1], 0, 0);
    this.done = at * this.every;
    this.setUp();
  }

  setUp() {
    this.pen.setTransform(...this.place);
    this.pen.lineCap = this.pen.lineJoin = "round";
  }

  copy() {
    const canvas = new OffscreenCanvas(this.canvas.width, this.canvas.height);
    canvas.getContext("2d").drawImage(this.canvas, 0, 0);
    return canvas;
  }
}
