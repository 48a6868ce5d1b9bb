/** A drawing in a notebook, with the page's own sheet and player: anywidget calls `render`. */

import { gestures } from "/page/gestures.js";
import { Player } from "/page/player.js";
import { Sheet } from "/page/sheet.js";
import { Stroke } from "/page/stroke.js";
import { Timeline } from "/page/timeline.js";

export function render({ model, el }) {
  const host = document.createElement("div"), root = host.attachShadow({ mode: "open" }), drawing = model.get("drawing");
  root.innerHTML = model.get("markup");
  el.append(host);
  const { width, height } = drawing, strokes = drawing.strokes.map((plain) => new Stroke(plain));
  const timeline = new Timeline(strokes, width, height), canvas = root.getElementById("canvas");
  const scene = () => ({ width, height, strokes, timeline, time: timeline.seconds * player.at, colours: model.get("colours") });
  const player = new Player(root, () => sheet.redraw());
  const sheet = new Sheet(canvas, scene);
  gestures(sheet, () => {}, true);
  canvas.setAttribute("aria-label", `A drawing of ${strokes.length} strokes`);
  player.show(timeline, 1);
  if (!matchMedia("(prefers-reduced-motion: reduce)").matches) player.play();
  return () => player.pause();
}
