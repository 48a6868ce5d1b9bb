/** How a drawing lies on the screen: screen = picture * scale + (x, y), in CSS pixels. */

const MARGIN = 28, CLOSEST = 40;

export class View {
  constructor() {
    Object.assign(this, { scale: 1, x: 0, y: 0, free: false });
  }

  /** The whole drawing in the middle of the box, or at its top. */
  fit(size, box, top = false) {
    const margin = top ? 2 : Math.min(MARGIN, box.width / 24);
    this.least = Math.min((box.width - 2 * margin) / size.width, (box.height - 2 * margin) / size.height, 8);
    this.scale = Math.max(this.least, 1e-3);
    this.x = (box.width - size.width * this.scale) / 2;
    this.y = top ? margin : (box.height - size.height * this.scale) / 2;
    this.free = false;
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
