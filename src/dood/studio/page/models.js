/** The models: which there are, asked once, and the fields by which one is chosen. */

const WORDS = { all: "All characters", mnist: "Digits", emnist: "Letters and digits", kmnist: "Kana", omniglot: "50 alphabets", quickdraw: "Quick sketches" };

let asked = null;

/** Names of models, once the server is ready for them; null where they cannot be had, which is said in the box. */
export async function models(server, box) {
  asked ??= server.models();
  try {
    const names = await asked;
    box.hidden = true;
    return names;
  } catch (error) {
    asked = null;
    box.textContent = error.message;
    box.hidden = false;
    return null;
  }
}

export function fill(select, names, usual) {
  if (select.options.length) return;
  for (const name of names) select.append(new Option(WORDS[name] ?? name, name, name === usual, name === usual));
}

/** A seed for the next drawings, other ones every time. */
export const seed = () => Math.floor(Math.random() * 2 ** 31);
