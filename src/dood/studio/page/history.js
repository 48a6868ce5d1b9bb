/** States that follow one another, back and forth. */

const MOST = 200;

export class History {
  constructor() {
    this.clear();
  }

  clear() {
    this.states = [];
    this.at = -1;
  }

  get now() {
    return this.states[this.at];
  }

  get canUndo() {
    return this.at > 0;
  }

  get canRedo() {
    return this.at < this.states.length - 1;
  }

  push(state) {
    this.states = [...this.states.slice(0, this.at + 1), state].slice(-MOST);
    this.at = this.states.length - 1;
  }

  move(way) {
    this.at = Math.max(0, Math.min(this.states.length - 1, this.at + way));
    return this.now;
  }
}
