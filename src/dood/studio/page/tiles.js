/** Small drawings, side by side, each a button. */

const SVG = "http://www.w3.org/2000/svg";

/** @param drawings each {strokes, given, name}, where the first strokes may be `given` ones in another colour
 * @param act called with a drawing's number; look with that of the one that is pointed at, or -1 */
export function showTiles(box, drawings, width, height, act, look = () => {}) {
  box.replaceChildren(...drawings.map((drawing, i) => {
    const tile = document.createElement("button");
    tile.type = "button";
    tile.className = "tile";
    tile.setAttribute("aria-label", drawing.name);
    tile.append(pictured(drawing, width, height));
    tile.addEventListener("click", () => act(i));
    for (const kind of ["pointerenter", "focus"]) tile.addEventListener(kind, () => look(i));
    for (const kind of ["pointerleave", "blur"]) tile.addEventListener(kind, () => look(-1));
    return tile;
  }));
}

function pictured({ strokes, given = [] }, width, height) {
  const picture = document.createElementNS(SVG, "svg");
  picture.setAttribute("viewBox", `0 0 ${width} ${height}`);
  picture.setAttribute("aria-hidden", "true");
  for (const [list, kind] of [[given, "given"], [strokes, given.length ? "added" : "given"]]) {
    for (const stroke of list) picture.append(line(stroke, kind, width));
  }
  return picture;
}

function line(stroke, kind, width) {
  const path = document.createElementNS(SVG, "path"), points = stroke.points.length > 1 ? stroke.points : [...stroke.points, ...stroke.points];
  path.setAttribute("d", `M${points.map(([x, y]) => `${x.toFixed(1)} ${y.toFixed(1)}`).join("L")}`);
  path.setAttribute("stroke-width", Math.max(stroke.width, width / 70));
  path.setAttribute("class", kind);
  return path;
}
