/** Look inside: a picture, a model or two beside each other, and the steps of their inference. */

import { examples } from "/page/intake.js";
import { Look } from "/page/look.js";
import { fill, seed, withTorch } from "/page/models.js";
import { busy, complain } from "/page/notice.js";
import { Paper } from "/page/paper.js";

const byId = (id) => document.getElementById(id);

/** The pen is as broad as models see well, in sides of the paper; so many samples of each step are shown. */
const PEN = 20, SAMPLES = 8, MODEL = "all", FIRST = "seven.png";

export class Inside {
  constructor(server) {
    Object.assign(this, { server, file: null, looks: [], seed: 0, python: "" });
    this.paper = new Paper(byId("inside-pad"), () => PEN, () => this.drawn());
    const on = (id, kind, act) => byId(id).addEventListener(kind, act);
    on("inside-clear", "click", () => this.clear());
    on("inside-look", "click", async () => this.take(await this.paper.picture("drawing.png")));
    on("inside-file", "change", (event) => {
      if (event.target.files[0]) this.take(event.target.files[0]);
      event.target.value = "";
    });
    on("inside-more", "click", () => this.look(seed()));
    for (const id of ["inside-model", "inside-beside", "inside-strokes"]) on(id, "change", () => this.look(this.seed));
    on("inside-step", "input", () => this.show());
    on("inside-back", "click", () => this.step(-1));
    on("inside-next", "click", () => this.step(1));
    on("inside-copy", "click", () => this.copy());
  }

  /** Examples to choose from. */
  async offer(names) {
    await examples(byId("inside-examples"), names, this.server, (file) => this.take(file), "Look into");
  }

  /** @param file a picture that is open elsewhere, to begin with */
  async open(file) {
    this.paper.sheet.refit();
    const names = await busy("Loading the models", () => withTorch(this.server, byId("inside-none")));
    if (!names) return;
    fill(byId("inside-model"), names, MODEL);
    fill(byId("inside-beside"), names, null, 1);
    if (!this.looks.length) await this.take(this.file ?? file ?? new File([await this.server.example(FIRST)], FIRST));
  }

  async take(file) {
    this.file = file;
    if (await this.look(this.seed) && byId("looks").getBoundingClientRect().top > innerHeight / 2) byId("looks").scrollIntoView();
  }

  drawn() {
    byId("inside-look").disabled = byId("inside-clear").disabled = !this.paper.strokes.length;
  }

  clear() {
    this.paper.strokes = [];
    this.paper.sheet.redraw();
    this.drawn();
  }

  /** Let the models look at the picture. Returns whether they did. */
  async look(seed) {
    const { file } = this, names = [byId("inside-model").value, byId("inside-beside").value].filter(Boolean);
    if (!file || !names.length || !byId("inside-strokes").reportValidity()) return false;
    const asked = { models: names.join(), strokes: byId("inside-strokes").value, samples: SAMPLES, seed };
    const found = await busy("Looking", (signal) => this.server.inside(file, asked, signal));
    if (!found) return false;
    Object.assign(this, { seed, python: found.python, looks: found.models.map((plain) => new Look(plain)) });
    byId("looks").replaceChildren(...this.looks.map((look) => look.element));
    byId("inside-name").textContent = file.name;
    byId("inside-python").textContent = found.python;
    for (const id of ["inside-steps", "inside-code"]) byId(id).hidden = false;
    for (const id of ["inside-copy", "inside-more"]) byId(id).disabled = false;
    byId("inside-step").max = this.looks[0].count;
    this.show();
    return true;
  }

  step(way) {
    const slider = byId("inside-step");
    slider.value = Number(slider.value) + way;
    this.show();
  }

  show() {
    const { value, max } = byId("inside-step");
    byId("inside-clock").value = `${value} / ${max}`;
    byId("inside-step").setAttribute("aria-valuetext", `stroke ${value} of ${max}`);
    byId("inside-back").disabled = value === "1";
    byId("inside-next").disabled = value === max;
    for (const look of this.looks) look.show(Number(value) - 1);
  }

  /** Copy the snippet; where a page may not, as on plain http from another machine, show it to be selected. */
  async copy() {
    try {
      await navigator.clipboard.writeText(this.python);
      byId("inside-copied").value = "Copied.";
      setTimeout(() => { byId("inside-copied").value = ""; }, 4000);
    } catch {
      byId("inside-code").open = true;
      getSelection().selectAllChildren(byId("inside-python"));
      complain("The browser does not let this page copy: the snippet is selected below.");
    }
  }
}
