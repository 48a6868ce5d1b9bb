/** Pictures of numbers, as the server sends them: a byte for each value. They are painted by transparency, so that the
 * paper under them is that of the theme. */

export const INK = [28, 29, 33], BLUE = [43, 79, 216], RED = [206, 50, 40];

/** Pixels of the screen for each value: what is painted over them in lines is finer. */
const FINE = 8;

export class Rasters {
  /** @param packed {shape, data}: pictures in some rows, and their bytes as base64 */
  constructor({ shape, data }) {
    Object.assign(this, { shape, bytes: Uint8Array.from(atob(data), (letter) => letter.charCodeAt(0)) });
  }

  get side() {
    return this.shape.at(-1);
  }

  /** One picture, by its place in each row. */
  at(...index) {
    let size = this.bytes.length, start = 0;
    index.forEach((place, i) => { size /= this.shape[i]; start += place * size; });
    return this.bytes.subarray(start, start + size);
  }
}

/** Paint layers, each {shades, colour, strength}, one over the other. Returns a pen in units of half the canvas. */
export function paint(canvas, side, layers) {
  canvas.width = canvas.height = side * FINE;
  const pen = canvas.getContext("2d");
  pen.imageSmoothingEnabled = false;
  for (const layer of layers) pen.drawImage(painted(side, layer), 0, 0, canvas.width, canvas.height);
  const half = canvas.width / 2;
  pen.setTransform(half, 0, 0, half, half, half);
  return pen;
}

function painted(side, { shades, colour, strength = 1 }) {
  const canvas = new OffscreenCanvas(side, side), image = new ImageData(side, side);
  shades.forEach((shade, i) => image.data.set([...colour, strength * shade], 4 * i));
  canvas.getContext("2d").putImageData(image, 0, 0);
  return canvas;
}

/** What one picture has and another lacks. */
export function less(one, other) {
  return one.map((value, i) => Math.max(0, value - other[i]));
}
