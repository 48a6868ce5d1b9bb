/** What one model does with a picture, a step at a time. */

import { bars, percent } from "/page/bars.js";
import { nameOf } from "/page/models.js";
import { BLUE, INK, less, paint, Rasters, RED } from "/page/rasters.js";

const FAINT = 0.3;

const PANELS = {
  picture: ["Picture", "and where it looks"],
  canvas: ["Canvas", "so far, and this stroke"],
  residual: ["Residual", "blue lacks, red is too much"],
  glimpse: ["Glimpse", "what lies in the frame"],
  draft: ["Draft", "the stroke, first guessed"],
  corrected: ["Correction", "after another look"],
};

export class Look {
  /** @param plain what the server says of a model: pictures packed, and numbers */
  constructor(plain) {
    Object.assign(this, { plain, count: plain.log_q.length, canvases: {}, element: make("section", "look") });
    for (const name of ["image", "canvases", "ink", "drafts", "samples", "glimpses"]) this[name] = new Rasters(plain[name]);
    this.element.setAttribute("aria-label", nameOf(plain.name));
    this.says = make("p", "says");
    this.numbers = make("dl", "scores");
    this.chart = make("figure", "counts");
    this.element.append(this.told(), this.panels(), this.sampled());
  }

  panels() {
    const box = make("div", "panels");
    for (const [name, [word, more]] of Object.entries(PANELS)) {
      if (name === "draft" && this.drafts.shape[1] === 1) continue;
      const figure = make("figure"), caption = make("figcaption", "", word);
      if (more) caption.append(make("span", "", more));
      figure.append(this.canvas(name, word), caption);
      box.append(figure);
    }
    return box;
  }

  sampled() {
    const figure = make("figure", "sampled"), row = make("div"), count = this.samples.shape[1];
    for (let k = 0; k < count; k++) row.append(this.canvas(`sample ${k}`, `Posterior sample ${k + 1} of this stroke`));
    figure.append(make("figcaption", "", `${count} posterior samples of this stroke, given those before it`), row);
    return figure;
  }

  told() {
    const box = make("div", "told"), words = make("div");
    words.append(make("h2", "", nameOf(this.plain.name)), this.says, this.numbers);
    box.append(words, this.chart);
    return box;
  }

  canvas(name, label) {
    const canvas = this.canvases[name] = make("canvas");
    canvas.setAttribute("role", "img");
    canvas.setAttribute("aria-label", label);
    return canvas;
  }

  /** Show step t, counted from 0, or the last one. */
  show(step) {
    const t = Math.min(step, this.count - 1);
    this.paint(t);
    const { strokes, log_stop_q: posterior, log_stop_p: prior } = this.plain;
    const many = `${strokes} stroke${strokes === 1 ? "" : "s"}`;
    this.says.textContent = t < strokes ? `Stroke ${t + 1} of the most probable ${strokes}.` : `It would most probably have stopped after ${many}.`;
    this.numbers.replaceChildren(...this.figures(t).map(([term, value, meaning]) => {
      const box = make("div");
      box.title = meaning;
      box.append(make("dt", "", term), make("dd", "", value));
      return box;
    }));
    const caption = make("figcaption", "", "Strokes: ");
    caption.append(make("b", "posterior", "posterior"), ", ", make("b", "prior", "prior"));
    this.chart.replaceChildren(bars(posterior, prior, t + 1), caption);
  }

  paint(t) {
    const { image, canvases, ink, drafts, samples, glimpses, canvases: { side } } = this;
    const seen = { shades: glimpsed(glimpses, t), colour: INK, strength: FAINT }, before = { shades: canvases.at(t), colour: INK };
    const stroke = (shades) => ({ shades, colour: BLUE });
    this.frame(paint(this.canvases.picture, side, [{ shades: image.at(), colour: INK }]), this.plain.frames[t]);
    paint(this.canvases.canvas, side, [before, stroke(ink.at(t))]);
    paint(this.canvases.residual, side, [stroke(less(image.at(), canvases.at(t))), { shades: less(canvases.at(t), image.at()), colour: RED }]);
    paint(this.canvases.glimpse, glimpses.side, [{ ...seen, strength: 1 }]);
    if (this.canvases.draft) paint(this.canvases.draft, drafts.side, [seen, stroke(drafts.at(t, 0))]);
    paint(this.canvases.corrected, drafts.side, [seen, stroke(drafts.at(t, drafts.shape[1] - 1))]);
    for (let k = 0; k < samples.shape[1]; k++) paint(this.canvases[`sample ${k}`], side, [{ ...before, strength: FAINT }, stroke(samples.at(t, k))]);
  }

  /** The outline of a layout's frame. */
  frame(pen, [scale, x, y, angle]) {
    pen.translate(x, y);
    pen.rotate(angle);
    pen.strokeStyle = `rgb(${BLUE})`;
    pen.lineWidth = 0.02;
    pen.strokeRect(-scale, -scale, 2 * scale, 2 * scale);
  }

  figures(t) {
    const { go_on: goOn, log_q: q, log_p: p, log_likelihood: gained } = this.plain, nats = (value) => value.toFixed(1).replace("-", "\u2212");
    return [
      ["Stops here", percent(1 - goOn[t]), "Probability that the drawing stops before this stroke, of the posterior, given the strokes before it"],
      ["log q", nats(q[t]), "Log density of layout and stroke under the posterior, at its mean, in nats"],
      ["log p", nats(p[t]), "Log density of layout and stroke under the prior, in nats"],
      ["log p(x)", `${gained[t + 1] < gained[t] ? "" : "+"}${nats(gained[t + 1] - gained[t])}`, `Log likelihood of the picture given the canvas: ${nats(gained[t])} before this stroke, ${nats(gained[t + 1])} after it, in nats`],
    ];
  }
}

/** The picture in the glimpse: from 0 to 1, where the server's bytes go from -1 to 1. */
function glimpsed(glimpses, t) {
  return glimpses.at(t, 0).map((shade) => Math.max(0, 2 * shade - 255));
}

function make(tag, kind = "", text = "") {
  const made = document.createElement(tag);
  if (kind) made.className = kind;
  made.textContent = text;
  return made;
}
