/** A sheet of paper on a canvas, with a picture and strokes on it as they are at a moment. */

import { colourOf, themed } from "/page/colours.js";
import { Plane } from "/page/plane.js";
import { pathOf } from "/page/stroke.js";
import { View } from "/page/view.js";

const TAU = 2 * Math.PI;

/** So many strokes are drawn anew in a frame. Of more, what is drawn already is shown while the view moves, and until
 * they are drawn sharp. A view is still after so many milliseconds. */
const FEW = 200, STILL = 150;

/** Pixels of a picture that is not scaled anew in every frame either. */
const LARGE = 1e6;

export class Sheet {
  /** @param scene returns what is to be seen: width, height, strokes, timeline, time, and maybe picture, opacity, colours, marks, selected */
  constructor(canvas, scene, top = false) {
    Object.assign(this, { canvas, scene, top, view: new View(), asked: false, moving: false, size: { width: 0, height: 0 } });
    Object.assign(this, { whole: new Plane(), near: new Plane(), next: new Plane() });
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
    this.settle();
    this.redraw();
  }

  /** The view has moved: show what is drawn already from there at once, and draw it sharp when the view is still.
   *
   * @param held whether fingers are down still: then `settle` is called when they are lifted */
  look(held = false) {
    this.moving = true;
    clearTimeout(this.still);
    if (!held) this.still = setTimeout(() => this.settle(), STILL);
    this.redraw();
  }

  settle() {
    clearTimeout(this.still);
    if (!this.moving) return;
    this.moving = false;
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
    const pen = this.canvas.getContext("2d"), place = this.placed(this.view);
    pen.setTransform(1, 0, 0, 1, 0, 0);
    pen.clearRect(0, 0, this.canvas.width, this.canvas.height);
    for (const plane of this.planes(scene, place)) this.show(pen, plane, scene, place);
    pen.setTransform(...place);
    pen.lineCap = pen.lineJoin = "round";
    if (scene.ghost) this.ghost(pen, scene.ghost);
    this.unfinished(pen, scene);
    if (scene.marks) this.marks(pen, scene.marks);
    if (scene.knife) this.spot(pen, scene.knife);
  }

  placed({ scale, x, y }) {
    const ratio = devicePixelRatio || 1;
    return [ratio * scale, 0, 0, ratio * scale, ratio * x, ratio * y];
  }

  /** What is seen: the drawing from this place, or, until that is drawn, what was drawn last over the whole of it. */
  planes(scene, place) {
    const fitted = this.placed(this.view.fitted(scene, this.size, this.top));
    if (this.sharp?.has(scene, this.canvas) && isLarge(scene) && (this.moving || !this.ready(scene, place, fitted))) {
      if (!this.moving) this.redraw();
      if (this.sharp === this.whole) return [this.whole];
      this.whole.see(scene, this.canvas, fitted);
      return [this.whole, this.near];
    }
    this.sharp = alike(place, fitted) ? this.whole : this.near;
    this.sharp.see(scene, this.canvas, place);
    if (this.sharp === this.near) this.whole.over.spare();
    return [this.sharp];
  }

  /** Whether the drawing is there from this place; if not, some more of its strokes are drawn, for a later frame. */
  ready(scene, place, fitted) {
    if (alike(place, fitted) || this.sharp.at(scene, this.canvas, place)) return true;
    const { over } = this.next, done = this.finished(scene);
    this.next.see(scene, this.canvas, place);
    over.upTo(Math.min(done, over.done + FEW), this.tracer(this.next, scene));
    over.flush();
    if (over.done !== done) return false;
    [this.near, this.next] = [this.next, this.near];
    this.next.over.spare();
    return true;
  }

  /** What draws stroke i on a plane, if any of it is to be seen there. */
  tracer(plane, scene) {
    const scale = plane.place[0] / (devicePixelRatio || 1);
    return (pen, i) => {
      if (!plane.touches(scene.strokes[i])) return;
      this.dip(pen, scene, i, scale);
      pen.stroke(scene.strokes[i].path);
    };
  }

  /** Put a plane where it lies; the whole drawing only where the one drawn last does not lie. */
  show(pen, plane, scene, place) {
    const scale = plane.place[0] / (devicePixelRatio || 1), { picture = null, opacity = 0, selected } = scene;
    const ground = plane.under([picture, opacity, themed(this.canvas, "paper"), [...(selected ?? [])].join()], (brush) => {
      this.paper(brush, scene, scale);
      if (selected?.size) this.halo(brush, scene, scale);
    });
    const strokes = plane.over.upTo(this.finished(scene), this.tracer(plane, scene));
    const at = plane.seenFrom(place);
    pen.save();
    pen.setTransform(1, 0, 0, 1, 0, 0);
    if (plane !== this.sharp) {
      const around = new Path2D();
      around.rect(0, 0, this.canvas.width, this.canvas.height);
      around.rect(...this.sharp.seenFrom(place));
      pen.clip(around, "evenodd");
    }
    pen.drawImage(ground, ...at);
    pen.drawImage(strokes, ...at);
    pen.restore();
  }

  paper(pen, { width, height, picture, opacity = 0 }, scale) {
    pen.fillStyle = themed(this.canvas, "paper");
    pen.beginPath();
    pen.roundRect(0, 0, width, height, 6 / scale);
    pen.fill();
    if (!picture || !opacity) return;
    pen.save();
    pen.clip();
    pen.globalAlpha = opacity;
    pen.globalCompositeOperation = "multiply";
    pen.imageSmoothingEnabled = scale < 4;
    pen.drawImage(picture, 0, 0, width, height);
    pen.restore();
  }

  /** How many strokes are done. */
  finished({ strokes, timeline, time }) {
    let done = timeline.begun(time);
    while (done > 0 && timeline.share(done - 1, time) < 1 && !strokes[done - 1].isDot) done--;
    return done;
  }

  unfinished(pen, scene) {
    const { strokes, timeline, time } = scene, begun = timeline.begun(time);
    for (let i = this.finished(scene); i < begun; i++) {
      this.dip(pen, scene, i, this.view.scale);
      this.partly(pen, strokes[i].upTo(timeline.share(i, time)));
    }
  }

  /** Take the pen of stroke i. */
  dip(pen, { strokes, colours = "ink" }, i, scale) {
    pen.lineWidth = Math.max(strokes[i].width, 1 / scale);
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
  halo(pen, { strokes, selected }, scale) {
    pen.strokeStyle = pen.fillStyle = themed(this.canvas, "accent");
    for (const i of selected) {
      const stroke = strokes[i];
      pen.globalAlpha = 0.3;
      pen.lineWidth = stroke.width + 12 / scale;
      pen.stroke(stroke.path);
      pen.globalAlpha = 1;
      pen.beginPath();
      pen.arc(...stroke.points[0], (stroke.width + 14 / scale) / 2, 0, TAU);
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

function alike(one, other) {
  return one.every((value, i) => value === other[i]);
}

function isLarge({ strokes, picture, opacity }) {
  return strokes.length > FEW || Boolean(picture && opacity && picture.width * picture.height > LARGE);
}
