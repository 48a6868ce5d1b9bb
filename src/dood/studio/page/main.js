/** The page: puts the parts together, and says which of its places is seen. */

import { zoomBy } from "/page/gestures.js";
import { examples, intake } from "/page/intake.js";
import { Inside } from "/page/inside.js";
import { Invent } from "/page/invent.js";
import { listen } from "/page/keys.js";
import { cancel, complain, hush } from "/page/notice.js";
import { OptionForm } from "/page/options.js";
import { Pad } from "/page/pad.js";
import { Player } from "/page/player.js";
import { Server } from "/page/server.js";
import { takeaway } from "/page/takeaway.js";
import { Trace } from "/page/trace.js";
import { Which } from "/page/which.js";

const byId = (id) => document.getElementById(id);

const server = new Server();
let options = { values: {} };
let place = "start";

const player = new Player(document, () => (place === "draw" ? pad.redraw() : trace.sheet.redraw()));
const trace = new Trace(server, player, () => options);
const pad = new Pad(server, player, take, watch);
const invent = new Invent(server, watch);
const which = new Which(server);
const inside = new Inside(server);

const TABS = ["trace", "draw", "invent", "which", "inside"];

/** Show the start, a traced picture, or another place. */
function go(to) {
  place = document.body.dataset.stage = to;
  player.pause();
  hush();
  scrollTo(0, 0);
  byId("start").hidden = to !== "start";
  byId("work").hidden = to !== "trace";
  byId("new").hidden = to !== "trace";
  byId("player").hidden = to !== "trace";
  for (const tab of TABS) byId(`tab-${tab}`).setAttribute("aria-pressed", tab === (to === "start" ? "trace" : to));
  for (const tab of TABS.slice(1)) byId(tab).hidden = to !== tab;
  if (to === "draw") pad.show();
  if (to === "invent") invent.show();
  if (to === "which") which.show();
  if (to === "inside") inside.open(trace.file);
  if (to === "trace") {
    player.show(trace.timeline, player.at);
    trace.sheet.refit();
  }
}

/** Look at a drawing that is of no picture. */
function watch(drawing, name) {
  trace.watch(drawing, name);
  go("trace");
  trace.sheet.refit(true);
  player.go(0);
  player.play();
}

async function take(file) {
  if (file.size > limits.bytes) {
    complain(`${file.name} has ${Math.ceil(file.size / 2 ** 20)} MB: scale it down to at most ${limits.bytes / 2 ** 20}`);
    return;
  }
  if (place === "inside") {
    await inside.take(file);
    return;
  }
  player.pause();
  if (await trace.take(file)) {
    const at = player.at;
    go("trace");
    player.go(at);
    trace.sheet.refit(true);
    if (at < 1) player.play();
  }
}

let limits = { bytes: Infinity };

intake(take);
byId("start-draw").addEventListener("click", () => go("draw"));
byId("tab-trace").addEventListener("click", () => go(trace.mend.state ? "trace" : "start"));
for (const tab of TABS.slice(1)) byId(`tab-${tab}`).addEventListener("click", () => go(tab));
byId("new").addEventListener("click", () => go("start"));
pad.set([]);
go("start");

const mending = (act) => () => (place === "trace" ? act(trace.mend) : false);
const zooming = (factor) => () => (place === "trace" ? zoomBy(trace.sheet, factor) : false);
const stepping = (way) => () => (place === "inside" ? inside : player).step(way);
listen({
  " ": () => (byId("player").hidden ? false : player.toggle()),
  ArrowLeft: stepping(-1),
  ArrowRight: stepping(1),
  Escape: () => { cancel(); hush(); trace.knife.toggle(false); mending((mend) => mend.select(-1))(); },
  Delete: mending((mend) => mend.remove()),
  Backspace: mending((mend) => mend.remove()),
  r: mending((mend) => mend.reverse()),
  c: mending(() => trace.knife.toggle()),
  x: mending(() => trace.cutHere()),
  j: mending((mend) => mend.join()),
  "[": mending((mend) => mend.shift(-1)),
  "]": mending((mend) => mend.shift(1)),
  "ctrl z": () => (place === "draw" ? pad.undo() : mending((mend) => mend.travel(-1))()),
  "ctrl shift z": mending((mend) => mend.travel(1)),
  "ctrl y": mending((mend) => mend.travel(1)),
  "ctrl a": mending((mend) => mend.selectAll()),
  "+": zooming(1.4),
  "=": zooming(1.4),
  "-": zooming(1 / 1.4),
  "0": () => (place === "trace" ? trace.sheet.refit(true) : false),
});

try {
  const about = await server.about();
  limits = about.limits;
  options = new OptionForm(byId("options"), about.options, () => trace.again());
  takeaway(byId("takeaway"), about.formats, server, () => ({ name: trace.name, plain: trace.plain }));
  await examples(byId("examples"), about.examples, server, take);
  await inside.offer(about.examples);
} catch (error) {
  complain(error);
}
document.body.dataset.ready = "yes";
