/** Cutting strokes: for one tap the pointer is a knife, and shows where it would cut. */

const byId = (id) => document.getElementById(id);

export class Knife {
  /** @param reach CSS pixels from a stroke within which it is cut */
  constructor(sheet, mend, reach) {
    Object.assign(this, { sheet, mend, reach, on: false, point: null });
    sheet.canvas.addEventListener("pointermove", (event) => {
      if (!this.on) return;
      const box = sheet.box, place = this.under(...sheet.view.toPicture(event.clientX - box.left, event.clientY - box.top));
      this.point = place?.point ?? null;
      sheet.redraw();
    });
  }

  toggle(on = !this.on) {
    this.on = on;
    this.point = null;
    byId("cut").setAttribute("aria-pressed", on);
    byId("cut-hint").hidden = !on;
    this.sheet.canvas.classList.toggle("cutting", on);
    if (on) byId("stage").scrollIntoView({ block: "nearest" });
    this.sheet.redraw();
  }

  /** The stroke within reach of a point of the picture, and where it is nearest. */
  under(x, y) {
    const i = this.mend.at(x, y, this.reach / this.sheet.view.scale);
    return i < 0 ? null : { i, ...this.mend.strokes[i].nearest(x, y) };
  }

  /** Take a tap, if it is for the knife. */
  used(x, y) {
    if (!this.on) return false;
    const place = this.under(x, y);
    if (place && this.mend.cut(place.i, place.param)) this.toggle(false);
    return true;
  }
}
