/** Paper to draw on, with a mouse, a finger or a pen. */

import { Sheet } from "/page/sheet.js";
import { Stroke } from "/page/stroke.js";
import { Timeline } from "/page/timeline.js";

/** Pixels of a side, and between two points of a line. */
const SIDE = 560, NEAR = 0.75;

export class Paper {
  /** @param pen returns the width of the pen; begun is called before a line, drawn after it */
  constructor(canvas, pen, drawn, begun = () => {}) {
    Object.assign(this, { canvas, pen, drawn, begun, strokes: [], line: null, ghost: null, width: SIDE, height: SIDE });
    this.moment = () => null;
    this.sheet = new Sheet(canvas, () => this.scene(), true);
    this.pointer();
  }

  /** All strokes in ink, or coloured by order as at a moment in [0, 1]. */
  scene() {
    const { width, height, strokes, ghost } = this, timeline = new Timeline(strokes, width, height), moment = this.moment();
    return { width, height, strokes, ghost, timeline, time: timeline.seconds * (moment ?? 1), colours: moment === null ? "ink" : "order" };
  }

  pointer() {
    const place = (event) => {
      const box = this.sheet.box, round = (value) => Math.round(100 * value) / 100;
      return this.sheet.view.toPicture(event.clientX - box.left, event.clientY - box.top).map(round);
    };
    this.canvas.addEventListener("pointerdown", (event) => {
      if (this.line || event.button) return;
      this.canvas.setPointerCapture(event.pointerId);
      this.begun();
      this.line = { id: event.pointerId, points: [place(event)], before: this.strokes };
      this.grow();
    });
    this.canvas.addEventListener("pointermove", (event) => {
      if (this.line?.id !== event.pointerId) return;
      for (const each of event.getCoalescedEvents?.() ?? [event]) {
        const [x, y] = place(each), [a, b] = this.line.points.at(-1);
        if (Math.hypot(x - a, y - b) >= NEAR) this.line.points.push([x, y]);
      }
      this.grow();
    });
    const lift = (event) => {
      if (this.line?.id !== event.pointerId) return;
      this.line = null;
      this.drawn(this.strokes);
    };
    this.canvas.addEventListener("pointerup", lift);
    this.canvas.addEventListener("pointercancel", lift);
  }

  grow() {
    const { before, points } = this.line;
    this.strokes = [...before, new Stroke({ line: points, width: this.pen() })];
    this.sheet.redraw();
  }

  /** All strokes by the pen as it is now. */
  rule() {
    this.strokes = this.strokes.map((stroke) => new Stroke({ line: stroke.points, width: this.pen() }));
  }

  /** The drawing as the server takes it. */
  get plain() {
    return { width: this.width, height: this.height, pen: this.pen(), strokes: this.strokes.map((stroke) => stroke.points) };
  }

  /** The drawing as a PNG file. */
  async picture(name) {
    const canvas = new OffscreenCanvas(this.width, this.height), pen = canvas.getContext("2d");
    pen.fillStyle = "#fff";
    pen.fillRect(0, 0, this.width, this.height);
    pen.lineCap = pen.lineJoin = "round";
    pen.lineWidth = this.pen();
    for (const stroke of this.strokes) pen.stroke(stroke.path);
    return new File([await canvas.convertToBlob()], name, { type: "image/png" });
  }
}
