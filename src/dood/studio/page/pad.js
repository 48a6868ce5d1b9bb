/** Drawing, and what dood makes of it beside: how it was drawn, how it might go on, the same again. */

import { fill, models, seed } from "/page/models.js";
import { busy } from "/page/notice.js";
import { Paper } from "/page/paper.js";
import { Sheet } from "/page/sheet.js";
import { Stroke } from "/page/stroke.js";
import { showTiles } from "/page/tiles.js";
import { Timeline } from "/page/timeline.js";

const byId = (id) => document.getElementById(id);

const WORDS = {
  f1: ["Lines", "Harmonic mean of the share of your line that is found, and of the found line that is yours"],
  ari: ["Strokes", "Adjusted Rand index between your strokes and the found ones: 100 is the same, 0 is chance"],
  tau: ["Order", "Kendall's tau between the order of your strokes and that of the found pen: 100 is the same, 0 is chance"],
  direction: ["Direction", "Share of your ink that is found and drawn your way: 50 is chance"],
};

/** How far drawings may differ where a person does not say, and the model that draws on. */
const USUAL = { continue: 0.6, again: 1 }, MODEL = "mnist";
const NOTE = {
  continue: "The models have seen characters and simple sketches: a digit or a letter works best.",
  again: "Your own strokes, as another hand might have drawn them.",
};

export class Pad {
  /** @param open called with a picture to trace; watch with a drawing and a name, to look at */
  constructor(server, player, open, watch) {
    Object.assign(this, { server, player, open, watch, found: null, verb: null });
    this.paper = new Paper(byId("pad"), () => Number(byId("pen").value), (strokes) => this.set(strokes), () => this.forget());
    this.paper.moment = () => (this.found ? this.player.at : null);
    this.theirs = new Sheet(byId("found"), () => this.found && this.scene(), true);
    const on = (id, act) => byId(id).addEventListener("click", act);
    on("pad-undo", () => this.undo());
    on("pad-clear", () => this.set([]));
    on("pad-compare", () => this.compare());
    on("pad-continue", () => this.model("continue"));
    on("pad-again", () => this.model("again"));
    on("more", () => this.model(this.verb));
    on("pad-open", async () => open(await this.paper.picture("my-drawing.png")));
    for (const id of ["model", "temperature"]) byId(id).addEventListener("change", () => this.model(this.verb));
  }

  get strokes() {
    return this.paper.strokes;
  }

  scene() {
    const { width, height } = this.paper, timeline = new Timeline(this.found, width, height);
    return { width, height, strokes: this.found, timeline, time: timeline.seconds * this.player.at, colours: "order" };
  }

  undo() {
    this.set(this.strokes.slice(0, -1));
  }

  set(strokes) {
    this.paper.strokes = strokes;
    this.forget();
    for (const id of ["pad-compare", "pad-continue", "pad-again", "pad-undo", "pad-clear", "pad-open"]) byId(id).disabled = !strokes.length;
  }

  /** What was found is of a drawing before. */
  forget() {
    this.found = this.verb = this.paper.ghost = null;
    this.player.pause();
    byId("theirs").hidden = byId("scores").hidden = byId("ghosts").hidden = byId("player").hidden = true;
    byId("yours").textContent = "Draw here";
    this.paper.sheet.refit();
  }

  async compare() {
    const drawn = this.paper.plain;
    this.paper.rule();
    const found = await busy("Looking at your drawing", (signal) => this.server.compare(drawn, signal));
    if (!found) return;
    this.forget();
    this.found = found.drawing.strokes.map((plain) => new Stroke(plain));
    byId("yours").textContent = `You: ${many(this.strokes.length)}`;
    byId("theirs").firstChild.textContent = `How dood thinks you drew it: ${many(this.found.length)}`;
    byId("theirs").hidden = byId("player").hidden = false;
    this.tell(found);
    this.show();
    this.player.go(0);
    this.player.play();
  }

  /** Let a model continue the drawing, or draw it again as other hands would. */
  async model(verb) {
    if (!verb || !this.strokes.length) return;
    const reads = verb === "continue", names = reads ? await busy("Loading the models", () => models(this.server)) : [];
    if (!names) return;
    if (reads) fill(byId("model"), names, MODEL);
    if (verb !== this.verb) byId("temperature").value = USUAL[verb];
    byId("choose-model").hidden = !reads;
    byId("ghosts-note").textContent = NOTE[verb];
    const asked = { ...this.paper.plain, model: byId("model").value, temperature: Number(byId("temperature").value), seed: seed() };
    const before = this.strokes, made = await busy(reads ? "Thinking how it goes on" : "Drawing it again", (signal) => this.server.modelled(verb, asked, signal));
    if (!made || this.strokes !== before) return;
    this.forget();
    this.verb = verb;
    if (reads) this.ghosts(made);
    else this.same(made);
    byId("ghosts").hidden = false;
    this.show();
  }

  ghosts(ways) {
    const given = this.strokes, width = this.paper.pen();
    const added = ways.map((strokes) => strokes.map((plain) => new Stroke({ line: new Stroke(plain).points, width })));
    const tiles = added.map((strokes, i) => ({ given, strokes, name: `Way ${i + 1} to go on: take it` }));
    byId("ghosts-title").textContent = "How it might go on: click one to take it";
    showTiles(byId("tiles"), tiles, this.paper.width, this.paper.height, (i) => this.set([...given, ...added[i]]), (i) => {
      this.paper.ghost = added[i] ?? null;
      this.paper.sheet.redraw();
    });
  }

  same(drawings) {
    const tiles = drawings.map((drawing, i) => ({ strokes: drawing.strokes.map((plain) => new Stroke(plain)), name: `Drawing ${i + 1}: watch it being drawn` }));
    byId("ghosts-title").textContent = "The same again, by other hands: click one to watch it";
    showTiles(byId("tiles"), tiles, this.paper.width, this.paper.height, (i) => this.watch(drawings[i], `again-${i + 1}`));
  }

  /** Let the player follow this drawing, if there is one to be played. */
  show() {
    byId("player").hidden = !this.found;
    if (this.found) this.player.show(new Timeline(this.found, this.paper.width, this.paper.height), this.player.at);
    this.paper.sheet.refit();
    this.theirs.refit();
  }

  redraw() {
    this.paper.sheet.redraw();
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
    byId("scores-note").textContent = note || "100 is just as you drew it; chance is 0, and 50 for direction.";
    byId("scores").hidden = false;
  }
}

function many(count) {
  return `${count} stroke${count === 1 ? "" : "s"}`;
}
