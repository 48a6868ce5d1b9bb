/** The options of tracing: a form made of what the server offers. */

const WORDS = {
  polarity: ["Ink is", { auto: "found out", dark: "dark", light: "light" }],
  pens: ["Pens"],
  simplify: ["Simplify"],
  min_length: ["Shortest"],
  join: ["Strokes go on through where lines meet"],
  order: ["Order", { person: "as a person", nearest: "least travel", given: "as found" }],
  outline_fills: ["Draw around filled areas"],
  merge: ["Merge lines gone over twice"],
};

/** Sliders that go by ratios: from least to most, the middle is their geometric mean. */
const RATIO = new Set(["simplify"]);

const WAIT = 250;

export class OptionForm {
  /** @param changed called a moment after the last change */
  constructor(form, offered, changed) {
    this.offered = offered;
    this.fields = new Map();
    let timer;
    const soon = () => { clearTimeout(timer); timer = setTimeout(changed, WAIT); };
    for (const option of offered) form.append(this.field(option, soon));
    const reset = document.createElement("button");
    Object.assign(reset, { type: "reset", className: "quiet", textContent: "As by default" });
    form.append(reset);
    form.addEventListener("submit", (event) => event.preventDefault());
    form.addEventListener("reset", () => setTimeout(() => { for (const each of this.fields.values()) each.tell?.(); soon(); }));
  }

  /** Those that are not as by default, as the server takes them. */
  get values() {
    const found = {};
    for (const { name, default: usual } of this.offered) {
      const value = this.fields.get(name).value();
      if (value !== usual) found[name] = value;
    }
    return found;
  }

  field(option, soon) {
    const [label, words] = WORDS[option.name] ?? [option.name];
    if (option.kind === "flag") return this.flag(option, label, soon);
    const box = document.createElement("div"), said = document.createElement("label");
    box.className = "field";
    said.htmlFor = `option-${option.name}`;
    said.textContent = label;
    box.append(said, option.kind === "choice" ? this.choice(option, words, soon) : option.name === "pens" ? this.pens(option, soon) : this.number(option, soon));
    return box;
  }

  flag(option, label, soon) {
    const box = document.createElement("label"), input = document.createElement("input"), text = document.createElement("span");
    box.className = "check";
    Object.assign(input, { type: "checkbox", checked: option.default, defaultChecked: option.default });
    text.textContent = label;
    input.addEventListener("change", soon);
    this.fields.set(option.name, { value: () => input.checked });
    box.append(input, text);
    return box;
  }

  choice({ name, choices, default: usual }, words = {}, soon) {
    const select = document.createElement("select");
    select.id = `option-${name}`;
    for (const each of choices) select.append(new Option(words[each] ?? each, each, each === usual, each === usual));
    select.addEventListener("change", soon);
    this.fields.set(name, { value: () => select.value });
    return select;
  }

  pens({ name, most }, soon) {
    const select = document.createElement("select");
    select.id = `option-${name}`;
    select.append(new Option("found out", "", true, true));
    for (let i = 1; i <= most; i++) select.append(new Option(i === 1 ? "one" : `at most ${i}`, i));
    select.addEventListener("change", soon);
    this.fields.set(name, { value: () => (select.value ? Number(select.value) : null) });
    return select;
  }

  number({ name, least, most, default: usual }, soon) {
    const box = document.createElement("span"), input = document.createElement("input"), output = document.createElement("output");
    const low = RATIO.has(name) ? Math.log(least) : least, high = RATIO.has(name) ? Math.log(most) : most;
    const start = RATIO.has(name) ? Math.log(usual) : usual;
    const back = (value) => (RATIO.has(name) ? Math.exp(value) : value);
    let touched = false;
    box.className = "value";
    Object.assign(input, { type: "range", id: `option-${name}`, min: 0, max: 1000, step: 1 });
    input.value = input.defaultValue = Math.round(1000 * (start - low) / (high - low));
    const value = () => (touched ? Number(back(low + input.value / 1000 * (high - low)).toPrecision(2)) : usual);
    const tell = () => { output.value = value(); input.setAttribute("aria-valuetext", output.value); };
    input.addEventListener("input", () => { touched = true; tell(); soon(); });
    tell();
    this.fields.set(name, { value, tell: () => { touched = false; tell(); } });
    box.append(input, output);
    return box;
  }
}
