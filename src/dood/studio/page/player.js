/** The player: a moment in [0, 1] of a drawing's time, which runs, is dragged or steps. */

export class Player {
  /** @param root the document or shadow root that has the buttons; changed is called at every new moment */
  constructor(root, changed) {
    const byId = this.byId = (id) => root.getElementById(id);
    this.changed = changed;
    this.at = 1;
    this.timeline = null;
    this.before = null;
    this.scrub = byId("scrub");
    this.scrub.addEventListener("input", () => { this.pause(); this.go(this.scrub.value / 1000); });
    byId("play").addEventListener("click", () => this.toggle());
    byId("back").addEventListener("click", () => this.step(-1));
    byId("next").addEventListener("click", () => this.step(1));
  }

  get time() {
    return this.at * (this.timeline?.seconds ?? 0);
  }

  show(timeline, at = 1) {
    this.timeline = timeline;
    this.go(at);
  }

  go(at) {
    this.at = Math.max(0, Math.min(1, at));
    this.scrub.value = Math.round(1000 * this.at);
    const count = this.timeline?.spans.length ?? 0;
    const said = `${this.timeline?.begun(this.time) ?? 0} / ${count}`;
    this.byId("clock").value = said;
    this.scrub.setAttribute("aria-valuetext", `stroke ${said}`);
    this.changed();
  }

  step(way) {
    if (!this.timeline?.seconds) return;
    this.pause();
    this.go(this.timeline.step(this.time, way) / this.timeline.seconds);
  }

  toggle() {
    if (this.before === null) this.play();
    else this.pause();
  }

  play() {
    if (!this.timeline?.seconds) return;
    if (this.at >= 1) this.go(0);
    this.before = performance.now();
    this.button();
    requestAnimationFrame((now) => this.tick(now));
  }

  pause() {
    this.before = null;
    this.button();
  }

  tick(now) {
    if (this.before === null || !this.timeline?.seconds) return;
    const passed = Math.max(0, now - this.before) / 1000 * Number(this.byId("speed").value);
    this.before = now;
    this.go(this.at + passed / this.timeline.seconds);
    if (this.at >= 1) this.pause();
    else requestAnimationFrame((next) => this.tick(next));
  }

  button() {
    const running = this.before !== null;
    this.byId("play").setAttribute("aria-label", running ? "Pause" : "Play");
    this.byId("play").querySelector("use").setAttribute("href", running ? "#i-pause" : "#i-play");
  }
}
