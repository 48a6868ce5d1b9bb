/** How a drawing lies on the screen: screen = picture * scale + (x, y), in CSS pixels. */

const MARGIN = 28, CLOSEST = 40;

export class View {
  constructor() {
    Object.assign(this, { scale: 1, x: 0, y: 0, free: false });
  }

  /** Where the whole drawing lies in the middle of the box, or at its top. */
  fitted(size, box, top = false) {
    const margin = top ? 2 : Math.min(MARGIN, box.width / 24);
    const least = Math.min((box.width - 2 * margin) / size.width, (box.height - 2 * margin) / size.height, 8);
    const scale = Math.max(least, 1e-3);
    return { least, scale, x: (box.width - size.width * scale) / 2, y: top ? margin : (box.height - size.height * scale) / 2 };
  }

  fit(size, box, top = false) {
    Object.assign(this, this.fitted(size, box, top), { free: false });
  }

  zoom(factor, x, y) {
    const scale = Math.max((this.least ?? 0.01) * 0.5, Math.min(CLOSEST, this.scale * factor));
    this.x = x - (x - this.x) * scale / this.scale;
    this.y = y - (y - this.y) * scale / this.scale;
    this.scale = scale;
    this.free = true;
  }

  pan(dx, dy) {
    this.x += dx;
    this.y += dy;
    this.free = true;
  }

  toPicture(x, y) {
    return [(x - this.x) / this.scale, (y - this.y) / this.scale];
  }
}
