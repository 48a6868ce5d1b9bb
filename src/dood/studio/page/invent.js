/** Drawings that a model makes up, on a wall. */

import { fill, models, seed } from "/page/models.js";
import { busy } from "/page/notice.js";
import { Stroke } from "/page/stroke.js";
import { showTiles } from "/page/tiles.js";

const byId = (id) => document.getElementById(id);

const COUNT = 60;

export class Invent {
  /** @param watch called with a drawing and a name, to look at */
  constructor(server, watch) {
    Object.assign(this, { server, watch, shown: false });
    byId("invent-more").addEventListener("click", () => this.make());
    for (const id of ["invent-model", "invent-temperature"]) byId(id).addEventListener("change", () => this.make());
  }

  async show() {
    const names = await busy("Loading the models", () => models(this.server));
    if (!names) return;
    fill(byId("invent-model"), names, "all");
    if (!this.shown) await this.make();
  }

  async make() {
    const asked = { model: byId("invent-model").value, temperature: Number(byId("invent-temperature").value), seed: seed(), count: COUNT };
    const drawings = await busy("Inventing", (signal) => this.server.modelled("invent", asked, signal));
    if (!drawings) return;
    this.shown = true;
    const tiles = drawings.map((drawing, i) => ({ strokes: drawing.strokes.map((plain) => new Stroke(plain)), name: `Invented drawing ${i + 1}: watch it being drawn` }));
    showTiles(byId("wall"), tiles, drawings[0].width, drawings[0].height, (i) => this.watch(drawings[i], `invented-${i + 1}`));
  }
}
