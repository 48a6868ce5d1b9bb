/** The list of strokes: pick them, drag them to another place. */

import { colourOf } from "/page/colours.js";

const SHOWN = 1500;

export class StrokeList {
  /** @param mend has selected, select(i, more) and move(from, to) */
  constructor(list, mend) {
    Object.assign(this, { list, mend, dragged: null });
    list.addEventListener("click", (event) => {
      const row = event.target.closest("li");
      if (row) mend.select(Number(row.dataset.i), event.shiftKey || event.ctrlKey || event.metaKey);
    });
    list.addEventListener("dragstart", (event) => {
      this.dragged = event.target.closest("li");
      event.dataTransfer.setData("text/x-dood-stroke", this.dragged.dataset.i);
      event.dataTransfer.effectAllowed = "move";
    });
    list.addEventListener("dragover", (event) => this.over(event));
    list.addEventListener("dragend", () => this.over(null));
    list.addEventListener("drop", (event) => {
      const onto = event.target.closest("li");
      if (!this.dragged || !onto) return;
      event.preventDefault();
      event.stopPropagation();
      mend.move(Number(this.dragged.dataset.i), Number(onto.dataset.i));
      this.over(null);
    });
  }

  over(event) {
    for (const row of this.list.querySelectorAll(".onto")) row.classList.remove("onto");
    if (!event) this.dragged = null;
    if (!event || !this.dragged) return;
    event.preventDefault();
    event.stopPropagation();
    event.target.closest("li")?.classList.add("onto");
  }

  show(strokes, colours) {
    this.list.replaceChildren(...strokes.slice(0, SHOWN).map((stroke, i) => row(stroke, i, strokes.length, colours)));
    if (strokes.length > SHOWN) {
      const more = document.createElement("li");
      more.className = "fine";
      more.textContent = `and ${strokes.length - SHOWN} more: pick them in the drawing`;
      this.list.append(more);
    }
    this.mark();
  }

  /** Show which are selected. */
  mark(reveal = false) {
    for (const each of this.list.querySelectorAll("li[data-i]")) {
      const on = this.mend.selected.has(Number(each.dataset.i));
      each.firstChild.setAttribute("aria-pressed", on);
      if (on && reveal) this.reveal(each);
    }
  }

  /** Scroll the list, and not the page, on which the drawing is to stay where it is. */
  reveal(row) {
    const { top, bottom } = row.getBoundingClientRect(), box = this.list.getBoundingClientRect();
    if (top < box.top) this.list.scrollTop -= box.top - top;
    else if (bottom > box.bottom) this.list.scrollTop += bottom - box.bottom;
  }
}

function row(stroke, i, count, colours) {
  const item = document.createElement("li"), button = document.createElement("button");
  const swatch = document.createElement("span"), kind = document.createElement("span");
  item.dataset.i = i;
  item.draggable = true;
  button.type = "button";
  swatch.className = "swatch";
  swatch.style.background = colourOf(colours, stroke, i, count);
  kind.className = "kind";
  kind.textContent = kindOf(stroke);
  button.append(swatch, `Stroke ${i + 1}`, kind);
  item.append(button);
  return item;
}

function kindOf(stroke) {
  if (stroke.isDot) return "dot";
  const length = `${Math.round(stroke.length)} px`;
  if (stroke.plain.fill) return `fill, ${length}`;
  return stroke.plain.closed ? `closed, ${length}` : length;
}
