/** A pad to draw on, and what dood makes of it beside. */

import { busy } from "/page/notice.js";
import { Sheet } from "/page/sheet.js";
import { Stroke } from "/page/stroke.js";
import { Timeline } from "/page/timeline.js";

const byId = (id) => document.getElementById(id);

/** Pixels of the pad; upright where its place is. */
const LONG = 640, SHORT = 480;
const NEAR = 0.75;

const WORDS = {
  f1: ["Lines", "Harmonic mean of the share of your line that is found, and of the found line that is yours"],
  ari: ["Strokes", "Adjusted Rand index between your strokes and the found ones: 100 is the same, 0 is chance"],
  tau: ["Order", "Kendall's tau between the order of your strokes and that of the found pen: 100 is the same, 0 is chance"],
  direction: ["Direction", "Share of your ink that is found and drawn your way: 50 is chance"],
};

export class Pad {
  /** @param open called with a picture of the drawing, to trace it */
  constructor(server, player, open) {
    Object.assign(this, { server, player, open, strokes: [], line: null, found: null, width: LONG, height: SHORT });
    this.yours = new Sheet(byId("pad"), () => this.scene(this.strokes), true);
    this.theirs = new Sheet(byId("found"), () => this.found && this.scene(this.found), true);
    this.pointer(byId("pad"));
    byId("pad-undo").addEventListener("click", () => this.set(this.strokes.slice(0, -1)));
    byId("pad-clear").addEventListener("click", () => this.set([]));
    byId("pad-compare").addEventListener("click", () => this.compare());
    byId("pad-open").addEventListener("click", async () => open(await this.picture()));
  }

  get pen() {
    return Number(byId("pen").value);
  }

  scene(strokes) {
    const { width, height } = this, timeline = new Timeline(strokes, width, height), at = this.found ? this.player.at : 1;
    return { width, height, strokes, timeline, time: timeline.seconds * at, colours: this.found ? "order" : "ink" };
  }

  pointer(canvas) {
    const place = (event) => {
      const box = this.yours.box, round = (value) => Math.round(100 * value) / 100;
      return this.yours.view.toPicture(event.clientX - box.left, event.clientY - box.top).map(round);
    };
    canvas.addEventListener("pointerdown", (event) => {
      if (this.line || event.button) return;
      canvas.setPointerCapture(event.pointerId);
      if (this.found) this.forget();
      this.line = { id: event.pointerId, points: [place(event)], before: this.strokes };
      this.grow();
    });
    canvas.addEventListener("pointermove", (event) => {
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
      this.set(this.strokes);
    };
    canvas.addEventListener("pointerup", lift);
    canvas.addEventListener("pointercancel", lift);
  }

  grow() {
    const { before, points } = this.line;
    this.strokes = [...before, new Stroke({ line: points, width: this.pen })];
    this.yours.redraw();
  }

  set(strokes) {
    this.strokes = strokes;
    this.forget();
    byId("pad-compare").disabled = byId("pad-undo").disabled = byId("pad-clear").disabled = !strokes.length;
    byId("pad-open").hidden = !strokes.length;
  }

  /** What was found is of a drawing before. */
  forget() {
    this.found = null;
    this.player.pause();
    byId("theirs").hidden = byId("scores").hidden = byId("player").hidden = true;
    byId("yours").textContent = "Draw here";
    this.yours.refit();
  }

  async compare() {
    const drawn = { width: this.width, height: this.height, pen: this.pen, strokes: this.strokes.map((stroke) => stroke.points) };
    this.strokes = this.strokes.map((stroke) => new Stroke({ line: stroke.points, width: this.pen }));
    const found = await busy("Looking at your drawing", (signal) => this.server.compare(drawn, signal));
    if (!found) return;
    this.found = found.drawing.strokes.map((plain) => new Stroke(plain));
    byId("yours").textContent = `You: ${many(this.strokes.length)}`;
    byId("theirs").firstChild.textContent = `How dood thinks you drew it: ${many(this.found.length)}`;
    byId("theirs").hidden = byId("player").hidden = false;
    this.tell(found);
    this.show();
    this.player.go(0);
    this.player.play();
  }

  /** Let the player follow this drawing, if there is one to be played. */
  show() {
    byId("player").hidden = !this.found;
    const { width, height } = this.yours.box;
    if (!this.strokes.length) [this.width, this.height] = height > width ? [SHORT, LONG] : [LONG, SHORT];
    if (this.found) this.player.show(new Timeline(this.found, this.width, this.height), this.player.at);
    this.yours.refit();
    this.theirs.refit();
  }

  redraw() {
    this.yours.redraw();
    this.theirs.redraw();
  }

  tell({ scores, note }) {
    const rows = [];
    for (const [name, [word, meaning]] of Object.entries(WORDS)) {
      if (scores[name] !== undefined && scores[name] !== null) rows.push([word, `${Math.round(100 * scores[name])}`.replace("-", "\u2212"), meaning]);
    }
    byId("scores").replaceChildren(...rows.map(([word, value, meaning]) => {
      const box = document.createElement("div"), term = document.createElement("dt"), figure = document.createElement("dd");
      term.textContent = word;
      figure.textContent = value;
      box.title = meaning;
      box.append(term, figure);
      return box;
    }));
    const said = document.createElement("p");
    said.className = "fine";
    said.textContent = note || "100 is just as you drew it; chance is 0, and 50 for direction.";
    byId("scores").append(said);
    byId("scores").hidden = false;
  }

  /** The drawing as a PNG file. */
  async picture() {
    const canvas = new OffscreenCanvas(this.width, this.height), pen = canvas.getContext("2d");
    pen.fillStyle = "#fff";
    pen.fillRect(0, 0, this.width, this.height);
    pen.lineCap = pen.lineJoin = "round";
    pen.lineWidth = this.pen;
    for (const stroke of this.strokes) pen.stroke(stroke.path);
    return new File([await canvas.convertToBlob()], "my-drawing.png", { type: "image/png" });
  }
}

function many(count) {
  return `${count} stroke${count === 1 ? "" : "s"}`;
}
