/** When each stroke is drawn, by the same rule as dood's animated files. */

const SPEED = 0.8, LIFT = 0.12, BRIEFEST = 1e-3, SHORTEST = 1, LONGEST = 10;

export class Timeline {
  constructor(strokes, width, height) {
    const diagonal = SPEED * Math.hypot(width, height);
    let now = 0;
    this.spans = strokes.map((stroke) => {
      const start = now, end = start + Math.max((stroke.length + stroke.width) / diagonal, BRIEFEST);
      now = end + LIFT;
      return [start, end];
    });
    const raw = this.spans.at(-1)?.[1] ?? 0;
    this.seconds = raw && Math.min(Math.max(raw, SHORTEST), LONGEST);
    const pace = raw ? this.seconds / raw : 1;
    this.spans = this.spans.map(([start, end]) => [start * pace, end * pace]);
  }

  /** Share of stroke i that is drawn at a time. */
  share(i, time) {
    const [start, end] = this.spans[i];
    return Math.max(0, Math.min(1, (time - start) / (end - start)));
  }

  /** How many strokes are begun at a time. */
  begun(time) {
    let low = 0, high = this.spans.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.spans[middle][0] < time) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** The end of the stroke after (1) or before (-1) a time. */
  step(time, way) {
    const ends = [0, ...this.spans.map(([, end]) => end)];
    if (way > 0) return ends.find((end) => end > time + 1e-6) ?? this.seconds;
    return ends.findLast((end) => end < time - 1e-6) ?? 0;
  }
}
