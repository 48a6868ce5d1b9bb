/** Files to take away, each written by dood. */

import { complain, hush } from "/page/notice.js";

const OFFERED = { svg: "SVG", "plotter-svg": "Plotter SVG", "animated-svg": "Animated SVG", gif: "GIF", png: "PNG", json: "JSON" };

/** @param current returns {name, plain} of what is to be taken */
export function takeaway(box, formats, server, current) {
  const suffixes = new Map(formats.map(({ name, suffix }) => [name, suffix]));
  for (const [format, label] of Object.entries(OFFERED)) {
    if (!suffixes.has(format)) continue;
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = label;
    button.setAttribute("aria-label", `Save as ${label}`);
    button.addEventListener("click", async () => {
      button.disabled = true;
      hush();
      try {
        const { name, plain } = current();
        save(await server.export(format, plain), name + suffixes.get(format));
      } catch (error) {
        complain(error);
      } finally {
        button.disabled = false;
      }
    });
    box.append(button);
  }
}

function save(blob, name) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
