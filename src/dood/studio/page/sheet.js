/** A sheet of paper on a canvas, with a picture and strokes on it as they are at a moment. */

import { colourOf, themed } from "/page/colours.js";
import { Finished } from "/page/layers.js";
import { pathOf } from "/page/stroke.js";
import { View } from "/page/view.js";

const TAU = 2 * Math.PI;

export class Sheet {
  /** @param scene returns what is to be seen: width, height, strokes, timeline, time, and maybe picture, opacity, colours, marks, selected */
  constructor(canvas, scene, top = false) {
    Object.assign(this, { canvas, scene, top, view: new View(), asked: false, over: new Finished(), size: { width: 0, height: 0 } });
    new ResizeObserver(([{ contentRect }]) => { this.size = contentRect; this.refit(); }).observe(canvas);
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.redraw());
  }

  /** Where the canvas is on the screen. To ask costs the browser a layout: its `size` is known without. */
  get box() {
    return this.canvas.getBoundingClientRect();
  }

  refit(always = false) {
    const scene = this.scene();
    this.size = this.box;
    if (scene && this.size.width && (always || !this.view.free)) this.view.fit(scene, this.size, this.top);
    this.redraw();
  }

  /** Draw with the next frame, once however often it is asked. */
  redraw() {
    if (this.asked) return;
    this.asked = true;
    requestAnimationFrame(() => { this.asked = false; this.draw(); });
  }

  draw() {
    const scene = this.scene(), { width, height } = this.size;
    if (!scene || !width) return;
    const ratio = devicePixelRatio || 1;
    if (this.canvas.width !== Math.round(width * ratio) || this.canvas.height !== Math.round(height * ratio)) {
      this.canvas.width = Math.round(width * ratio);
      this.canvas.height = Math.round(height * ratio);
    }
    const pen = this.canvas.getContext("2d"), { scale, x, y } = this.view;
    const place = [ratio * scale, 0, 0, ratio * scale, ratio * x, ratio * y];
    pen.setTransform(1, 0, 0, 1, 0, 0);
    pen.clearRect(0, 0, this.canvas.width, this.canvas.height);
    pen.drawImage(this.ground(scene, place), 0, 0);
    pen.setTransform(...place);
    pen.lineCap = pen.lineJoin = "round";
    if (scene.selected?.size) this.halo(pen, scene);
    if (scene.ghost) this.ghost(pen, scene.ghost);
    this.strokes(pen, scene, place);
    if (scene.marks) this.marks(pen, scene.marks);
    if (scene.knife) this.spot(pen, scene.knife);
  }

  /** Paper and picture as they were drawn last, unless they lie elsewhere or look otherwise now: scaling a large
   * picture anew for every frame takes longer than the strokes. */
  ground(scene, place) {
    const { width, height } = this.canvas, { opacity, picture } = scene;
    const key = [width, height, opacity, themed(this.canvas, "paper"), scene.width, scene.height, ...place].join();
    if (this.under?.key === key && this.under.picture === picture) return this.under.canvas;
    const canvas = new OffscreenCanvas(width, height), pen = canvas.getContext("2d");
    pen.setTransform(...place);
    this.paper(pen, scene);
    this.under = { key, picture, canvas };
    return canvas;
  }

  paper(pen, { width, height, picture, opacity = 0 }) {
    pen.fillStyle = themed(this.canvas, "paper");
    pen.beginPath();
    pen.roundRect(0, 0, width, height, 6 / this.view.scale);
    pen.fill();
    if (!picture || !opacity) return;
    pen.save();
    pen.clip();
    pen.globalAlpha = opacity;
    pen.globalCompositeOperation = "multiply";
    pen.imageSmoothingEnabled = this.view.scale < 4;
    pen.drawImage(picture, 0, 0, width, height);
    pen.restore();
  }

  strokes(pen, scene, place) {
    const { strokes, timeline, time } = scene, begun = timeline.begun(time);
    let done = begun;
    while (done > 0 && timeline.share(done - 1, time) < 1 && !strokes[done - 1].isDot) done--;
    pen.setTransform(1, 0, 0, 1, 0, 0);
    pen.drawImage(this.finished(scene, place, done), 0, 0);
    pen.setTransform(...place);
    for (let i = done; i < begun; i++) {
      this.dip(pen, scene, i);
      this.partly(pen, strokes[i].upTo(timeline.share(i, time)));
    }
  }

  finished(scene, place, done) {
    const { width, height } = this.canvas, { strokes, colours } = scene, key = [width, height, colours, ...place].join();
    return this.over.upTo(done, { key, strokes, width, height, place }, (pen, i) => {
      this.dip(pen, scene, i);
      pen.stroke(strokes[i].path);
    });
  }

  /** Take the pen of stroke i. */
  dip(pen, { strokes, colours = "ink" }, i) {
    pen.lineWidth = Math.max(strokes[i].width, 1 / this.view.scale);
    pen.strokeStyle = colourOf(colours, strokes[i], i, strokes.length);
  }

  partly(pen, points) {
    pen.stroke(pathOf(points));
    pen.fillStyle = pen.strokeStyle;
    pen.beginPath();
    pen.arc(...points.at(-1), Math.max(pen.lineWidth * 0.9, 5 / this.view.scale), 0, TAU);
    pen.fill();
  }

  /** Strokes that are no part of the drawing yet. */
  ghost(pen, strokes) {
    pen.strokeStyle = "#7d95ee";
    for (const stroke of strokes) {
      pen.lineWidth = stroke.width;
      pen.stroke(stroke.path);
    }
  }

  /** Where a stroke would be cut. */
  spot(pen, point) {
    pen.fillStyle = "#fff";
    pen.strokeStyle = themed(this.canvas, "accent");
    pen.lineWidth = 2.5 / this.view.scale;
    pen.beginPath();
    pen.arc(...point, 6 / this.view.scale, 0, TAU);
    pen.fill();
    pen.stroke();
  }

  /** Behind selected strokes, and where each begins. */
  halo(pen, { strokes, selected }) {
    pen.strokeStyle = pen.fillStyle = themed(this.canvas, "accent");
    for (const i of selected) {
      const stroke = strokes[i];
      pen.globalAlpha = 0.3;
      pen.lineWidth = stroke.width + 12 / this.view.scale;
      pen.stroke(stroke.path);
      pen.globalAlpha = 1;
      pen.beginPath();
      pen.arc(...stroke.points[0], (stroke.width + 14 / this.view.scale) / 2, 0, TAU);
      pen.fill();
    }
  }

  marks(pen, marks) {
    const side = Math.max(3, 4 / this.view.scale);
    for (const [kind, colour] of [["missed", "#d6323a"], ["spurious", "#e08a00"]]) {
      pen.fillStyle = colour;
      for (const [x, y] of marks[kind]) pen.fillRect(x - side / 2, y - side / 2, side, side);
    }
  }
}
