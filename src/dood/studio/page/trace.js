/** Tracing: a picture, its strokes, and what is done with them. */

import { gestures, zoomBy } from "/page/gestures.js";
import { shown } from "/page/intake.js";
import { Knife } from "/page/knife.js";
import { Mend } from "/page/mend.js";
import { busy, complain } from "/page/notice.js";
import { Sheet } from "/page/sheet.js";
import { Stroke } from "/page/stroke.js";
import { StrokeList } from "/page/strokelist.js";
import { Timeline } from "/page/timeline.js";

const byId = (id) => document.getElementById(id);

/** CSS pixels from a stroke within which it is picked. */
const REACH = 10;

/** Share of ink missed or of line invented from which it is said in colour, as dood draw warns. */
const DOUBTFUL = 0.05;

export class Trace {
  constructor(server, player, options) {
    Object.assign(this, { server, player, options, file: null, picture: null, name: "drawing" });
    this.mend = new Mend(() => this.changed(), () => this.picked());
    this.list = new StrokeList(byId("strokes"), this.mend);
    this.sheet = new Sheet(byId("canvas"), () => this.scene());
    this.knife = new Knife(this.sheet, this.mend, REACH);
    gestures(this.sheet, (x, y, more) => {
      if (this.knife.used(x, y)) return;
      this.mend.select(this.mend.at(x, y, REACH / this.sheet.view.scale), more);
      this.list.mark(true);
    });
    this.controls();
  }

  controls() {
    const on = (id, act) => byId(id).addEventListener("click", act);
    on("zoom-in", () => zoomBy(this.sheet, 1.4));
    on("zoom-out", () => zoomBy(this.sheet, 1 / 1.4));
    on("zoom-fit", () => this.sheet.refit(true));
    on("undo", () => this.mend.travel(-1));
    on("redo", () => this.mend.travel(1));
    on("earlier", () => this.mend.shift(-1));
    on("later", () => this.mend.shift(1));
    on("reverse", () => this.mend.reverse());
    on("delete", () => this.mend.remove());
    on("cut", () => this.knife.toggle());
    on("join", () => this.mend.join());
    on("afresh", () => this.again(true));
    byId("opacity").addEventListener("input", () => this.sheet.redraw());
    byId("marks").addEventListener("change", () => this.sheet.redraw());
    byId("colours").addEventListener("change", () => {
      this.list.show(this.mend.strokes, byId("colours").value);
      this.sheet.redraw();
    });
  }

  /** The drawing as dood's JSON has it; shares that mending made untrue are left out. */
  get plain() {
    const { drawing, strokes, mended } = this.mend.state;
    const { missed, spurious, ...rest } = drawing;
    return { ...(mended ? rest : drawing), strokes: strokes.map((stroke) => stroke.plain) };
  }

  /** Take a picture and trace it. Returns whether there are strokes to be seen. */
  async take(file) {
    const seen = shown(file);
    const found = await busy(`Tracing ${file.name}`, (signal) => this.server.trace(file, file.name, this.options().values, signal));
    if (!found) return false;
    this.file = file;
    this.name = file.name.replace(/\.[^.]*$/, "") || "drawing";
    this.picture = (await seen)?.image ?? null;
    this.begin(found, true);
    return true;
  }

  /** Show a drawing that is of no picture. */
  watch(drawing, name) {
    Object.assign(this, { file: null, picture: null, name });
    this.begin({ drawing, marks: null }, true);
  }

  /** Trace the same picture with other options, around what was mended; or afresh, as if nothing had been. */
  async again(afresh = false) {
    if (!this.file) return;
    const { strokes } = this.mend.state, gone = afresh ? [] : this.mend.state.gone, kept = afresh ? [] : strokes.filter((stroke) => stroke.kept);
    const mended = gone.length + kept.length && { kept: this.drawingOf(kept), gone: this.drawingOf(gone) };
    const found = await busy("Tracing", (signal) => this.server.trace(this.file, this.file.name, this.options().values, signal, mended));
    if (found) this.begin(found, false, gone);
  }

  drawingOf(strokes) {
    const { format, version, width, height } = this.mend.state.drawing;
    return { format, version, width, height, strokes: strokes.map((stroke) => stroke.plain) };
  }

  /** Cut the stroke that the player is in the midst of, where its pen is. */
  cutHere() {
    const { timeline, time } = this.player, i = timeline ? timeline.begun(time) - 1 : -1;
    if (i < 0 || timeline.share(i, time) >= 1 || !this.mend.cut(i, this.mend.strokes[i].paramAt(timeline.share(i, time)))) {
      complain("Move the player into a stroke first: it is cut where the pen is.");
    }
  }

  begin({ drawing, marks, kept }, anew, gone = []) {
    const strokes = drawing.strokes.map((plain) => new Stroke(plain));
    for (const i of kept ?? []) strokes[i].kept = true;
    this.mend.begin({ drawing, marks, strokes, gone, mended: false }, anew);
    if (anew) {
      this.sheet.view.free = false;
      this.sheet.refit(true);
      this.player.go(0);
      if (matchMedia("(prefers-reduced-motion: reduce)").matches) this.player.go(1);
      else this.player.play();
    }
  }

  scene() {
    const state = this.mend.state;
    if (!state) return null;
    return {
      width: state.drawing.width, height: state.drawing.height, picture: this.picture, opacity: byId("opacity").value / 100,
      strokes: state.strokes, timeline: this.timeline, time: this.timeline.seconds * this.player.at, colours: byId("colours").value,
      marks: byId("marks").checked && !state.mended && state.marks, selected: this.mend.selected, knife: this.knife.point,
    };
  }

  /** The strokes are others. */
  changed() {
    const { drawing, strokes } = this.mend.state;
    this.timeline = new Timeline(strokes, drawing.width, drawing.height);
    this.player.show(this.timeline, this.player.at);
    this.list.show(strokes, byId("colours").value);
    this.tell();
    this.picked();
  }

  /** Others are selected. */
  picked() {
    const { history, selected } = this.mend;
    byId("undo").disabled = !history.canUndo;
    byId("redo").disabled = !history.canRedo;
    for (const id of ["earlier", "later", "reverse", "delete"]) byId(id).disabled = !selected.size;
    byId("join").disabled = !this.mend.canJoin;
    this.list.mark();
    this.sheet.redraw();
  }

  tell() {
    const { drawing, strokes, mended, gone } = this.mend.state, count = document.createElement("b");
    count.textContent = `${strokes.length} stroke${strokes.length === 1 ? "" : "s"}`;
    const parts = [count];
    const stay = strokes.filter((stroke) => stroke.kept).length + gone.length;
    byId("afresh").hidden = !stay;
    if (mended) parts.push("Mended by you");
    else if (this.file) parts.push(share(drawing.missed, "of the ink missed"), ", ", share(drawing.spurious, "of the line without ink"));
    if (!mended && stay) parts.push(document.createElement("br"), "Traced around what you mended.");
    for (const note of drawing.notes ?? []) parts.push(document.createElement("br"), note);
    if (this.file && !this.picture) parts.push(document.createElement("br"), "The browser cannot show this kind of picture.");
    byId("summary").replaceChildren(...parts);
    byId("marks").disabled = mended || !this.file;
    byId("tracing").hidden = !this.file;
    byId("canvas").setAttribute("aria-label", `${this.name}: ${count.textContent}, ${drawing.width} by ${drawing.height} pixels`);
  }
}

function share(value, words) {
  const text = `${(100 * (value ?? 0)).toFixed(value >= 0.0005 && value < 0.1 ? 1 : 0)} % ${words}`;
  if ((value ?? 0) <= DOUBTFUL) return text;
  const loud = document.createElement("em");
  loud.textContent = text;
  return loud;
}
