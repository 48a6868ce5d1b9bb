/** Looking around a sheet: wheel and pinch zoom, dragging pans, a tap or click picks. */

const TAP = 6;

/** @param scrolls whether the wheel alone is for what is around the sheet, and zooms with Ctrl only */
export function gestures(sheet, picked, scrolls = false) {
  const { canvas, view } = sheet, fingers = new Map();
  let moved = 0;
  const place = (event) => {
    const box = sheet.box;
    return [event.clientX - box.left, event.clientY - box.top];
  };
  canvas.addEventListener("wheel", (event) => {
    if (scrolls && !event.ctrlKey) return;
    event.preventDefault();
    const lines = event.deltaMode === 1 ? 16 : 1;
    view.zoom(Math.exp(-Math.max(-120, Math.min(120, event.deltaY * lines)) / 300), ...place(event));
    sheet.look();
  }, { passive: false });
  canvas.addEventListener("pointerdown", (event) => {
    canvas.setPointerCapture(event.pointerId);
    if (!fingers.size) moved = 0;
    fingers.set(event.pointerId, place(event));
  });
  canvas.addEventListener("pointermove", (event) => {
    const before = fingers.get(event.pointerId);
    if (!before) return;
    const now = place(event), others = [...fingers].filter(([id]) => id !== event.pointerId);
    moved += Math.hypot(now[0] - before[0], now[1] - before[1]);
    fingers.set(event.pointerId, now);
    if (moved < TAP) return;
    const share = fingers.size === 1 ? 1 : 1 / fingers.size;
    view.pan((now[0] - before[0]) * share, (now[1] - before[1]) * share);
    if (others.length) {
      const [, other] = others[0], apart = (point) => Math.hypot(point[0] - other[0], point[1] - other[1]) || 1;
      view.zoom(apart(now) / apart(before), (now[0] + other[0]) / 2, (now[1] + other[1]) / 2);
    }
    sheet.look(true);
  });
  const lift = (event) => {
    if (fingers.has(event.pointerId) && fingers.size === 1) sheet.settle();
    if (!fingers.delete(event.pointerId) || fingers.size || moved >= TAP || event.type === "pointercancel") return;
    picked(...view.toPicture(...place(event)), event.shiftKey || event.ctrlKey || event.metaKey);
  };
  canvas.addEventListener("pointerup", lift);
  canvas.addEventListener("pointercancel", lift);
}

/** Zoom about the middle of a sheet. */
export function zoomBy(sheet, factor) {
  sheet.view.zoom(factor, sheet.box.width / 2, sheet.box.height / 2);
  sheet.look();
}
