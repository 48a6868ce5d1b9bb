/** The models: which there are, and the fields by which one is chosen. */

const WORDS = { all: "All characters", mnist: "Digits", emnist: "Letters and digits", kmnist: "Kana", omniglot: "50 alphabets", quickdraw: "Quick sketches" };

/** Names of models. */
export async function models(server) {
  return (await server.models(false)).names;
}

/** Names of models, for what needs torch. Where there is none, that is said in the box, and there are no names. */
export async function withTorch(server, box) {
  const { names, lack } = await server.models(true);
  box.textContent = lack;
  box.hidden = !lack;
  return lack ? null : names;
}

/** @param have how many options there are before those of the models */
export function fill(select, names, usual, have = 0) {
  if (select.options.length > have) return;
  for (const name of names) select.append(new Option(nameOf(name), name, name === usual, name === usual));
}

export const nameOf = (name) => WORDS[name] ?? name;

/** A seed for the next drawings, other ones every time. */
export const seed = () => Math.floor(Math.random() * 2 ** 31);
