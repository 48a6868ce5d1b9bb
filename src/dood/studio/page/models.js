/** The models: which there are, and the fields by which one is chosen. */

const WORDS = { all: "All characters", mnist: "Digits", emnist: "Letters and digits", kmnist: "Kana", omniglot: "50 alphabets", quickdraw: "Quick sketches" };

/** Names of models. Where they are to read drawings and cannot, that is said in the box, and there are none. */
export async function models(server, box, reading = true) {
  const { names, lack } = await server.models(reading);
  box.textContent = lack;
  box.hidden = !(reading && lack);
  return box.hidden ? names : null;
}

/** @param have how many options there are before those of the models */
export function fill(select, names, usual, have = 0) {
  if (select.options.length > have) return;
  for (const name of names) select.append(new Option(nameOf(name), name, name === usual, name === usual));
}

export const nameOf = (name) => WORDS[name] ?? name;

/** A seed for the next drawings, other ones every time. */
export const seed = () => Math.floor(Math.random() * 2 ** 31);
