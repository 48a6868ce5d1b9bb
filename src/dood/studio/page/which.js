/** Which is it? One example of each class, and a drawing that is asked about. */

import { withTorch } from "/page/models.js";
import { busy } from "/page/notice.js";
import { Paper } from "/page/paper.js";

const byId = (id) => document.getElementById(id);

const PEN = 14, LETTERS = "ABCDEFGHIJKL", MODEL = "omniglot";

export class Which {
  constructor(server) {
    Object.assign(this, { server, examples: [] });
    this.query = new Paper(byId("query"), () => PEN, () => this.changed(), () => this.forget());
    byId("which-add").addEventListener("click", () => this.add());
    byId("which-clear").addEventListener("click", () => this.clear(this.query));
    byId("which-ask").addEventListener("click", () => this.ask());
    for (let i = 0; i < 3; i++) this.add();
  }

  /** One more class to draw an example of. */
  add() {
    const name = LETTERS[this.examples.length], item = document.createElement("li"), canvas = document.createElement("canvas");
    const line = document.createElement("p"), clear = document.createElement("button"), score = document.createElement("output");
    canvas.setAttribute("role", "img");
    canvas.setAttribute("aria-label", `Example of class ${name}: draw it`);
    Object.assign(clear, { type: "button", className: "quiet", textContent: "Clear" });
    clear.setAttribute("aria-label", `Clear example ${name}`);
    line.append(`${name} `, score, clear);
    item.append(canvas, line);
    byId("examples-of").append(item);
    const paper = new Paper(canvas, () => PEN, () => this.changed(), () => this.forget());
    clear.addEventListener("click", () => this.clear(paper));
    this.examples.push({ name, item, score, paper });
    byId("which-add").disabled = this.examples.length === LETTERS.length;
    this.changed();
  }

  clear(paper) {
    paper.strokes = [];
    paper.sheet.redraw();
    this.forget();
    this.changed();
  }

  get drawn() {
    return this.examples.filter(({ paper }) => paper.strokes.length);
  }

  changed() {
    byId("which-ask").disabled = this.drawn.length < 2 || !this.query.strokes.length;
  }

  /** The scores are of drawings before. */
  forget() {
    byId("verdict").textContent = "Draw one example each of two classes or more, then the one that is asked about.";
    for (const { item, score } of this.examples) {
      item.classList.remove("best");
      score.value = "";
    }
  }

  async ask() {
    const names = await busy("Loading the models", () => withTorch(this.server, byId("which-none")));
    if (!names) return;
    const asked = this.drawn, drawings = [...asked, { paper: this.query }].map(({ paper }) => paper.plain);
    const model = names.includes(MODEL) ? MODEL : names[0];
    const answer = await busy("Comparing", (signal) => this.server.modelled("which", { model, drawings }, signal));
    if (!answer) return;
    this.forget();
    const { probabilities: odds, none, known } = answer;
    const best = odds.indexOf(Math.max(...odds));
    odds.forEach((value, i) => { asked[i].score.value = `${Math.round(100 * value)} %`; });
    asked[best].item.classList.add("best");
    const sure = none ? `Maybe none of them; if one, ${asked[best].name}` : `It is ${asked[best].name}`;
    byId("verdict").textContent = `${sure}, with ${Math.round(100 * odds[best])} %. That it is of one of them: ${Math.round(100 * known)} %.`;
  }

  async show() {
    for (const { paper } of this.examples) paper.sheet.refit();
    this.query.sheet.refit();
    await busy("Loading the models", () => withTorch(this.server, byId("which-none")));
  }
}
