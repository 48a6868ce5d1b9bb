/** Colours of strokes: by their order, of their pens, or ink. */

const RAMP = [[43, 79, 216], [124, 58, 205], [194, 42, 134], [214, 69, 38], [176, 120, 0]];
const INK = "#1c1d21";

export function colourOf(how, stroke, i, count) {
  if (how === "pen") return stroke.plain.colour ?? INK;
  return how === "order" ? ramp(count > 1 ? i / (count - 1) : 0) : INK;
}

function ramp(share) {
  const place = share * (RAMP.length - 1), i = Math.min(Math.floor(place), RAMP.length - 2), u = place - i;
  const mixed = RAMP[i].map((value, channel) => Math.round(value + u * (RAMP[i + 1][channel] - value)));
  return `rgb(${mixed})`;
}

const known = new Map();
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => known.clear());

/** A colour of the style sheet of an element, as it is in the present theme. */
export function themed(element, name) {
  if (!known.get(name)) known.set(name, getComputedStyle(element).getPropertyValue(`--${name}`).trim());
  return known.get(name);
}
