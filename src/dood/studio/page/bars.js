/** Two distributions of a number of strokes, as bars beside each other. */

const SVG = "http://www.w3.org/2000/svg", WIDE = 34, HIGH = 56, BELOW = 20;

/** @param now which number is marked */
export function bars(posterior, prior, now) {
  const chart = make("svg", { viewBox: `0 0 ${WIDE * posterior.length} ${HIGH + BELOW}`, role: "img", class: "bars" });
  const told = posterior.map((value, n) => `${n}: ${percent(Math.exp(value))}`).join(", ");
  chart.setAttribute("aria-label", `Probability of each number of strokes: ${told}`);
  posterior.forEach((value, n) => {
    const x = WIDE * n;
    chart.append(bar(x + 5, Math.exp(prior[n]), "prior"), bar(x + 18, Math.exp(value), "posterior"));
    const label = make("text", { x: x + WIDE / 2, y: HIGH + 15, class: n === now ? "now" : "" });
    label.textContent = n;
    chart.append(label);
  });
  chart.append(make("path", { d: `M0 ${HIGH}H${WIDE * posterior.length}`, class: "axis" }));
  return chart;
}

function bar(x, share, kind) {
  const height = Math.max(0.5, share * (HIGH - 4));
  return make("rect", { x, y: HIGH - height, width: 11, height, class: kind });
}

function make(name, attributes) {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  return made;
}

export function percent(share) {
  const value = 100 * share;
  if (value > 0 && value < 0.1) return "< 0.1 %";
  if (value < 100 && value > 99.9) return "> 99.9 %";
  return `${value.toFixed(value < 10 && value > 0 ? 1 : 0)} %`;
}
