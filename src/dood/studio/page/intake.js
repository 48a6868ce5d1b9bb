/** Pictures that come in: chosen, dropped or pasted. */

const byId = (id) => document.getElementById(id);

/** @param take called with a file */
export function intake(take) {
  byId("file").addEventListener("change", (event) => {
    if (event.target.files[0]) take(event.target.files[0]);
    event.target.value = "";
  });
  let depth = 0;
  const over = (on) => document.body.classList.toggle("over", on);
  const carries = (event) => event.dataTransfer?.types.includes("Files");
  addEventListener("dragenter", (event) => { if (carries(event)) { depth++; over(true); } });
  addEventListener("dragleave", (event) => { if (carries(event)) { depth = Math.max(0, depth - 1); over(depth > 0); } });
  addEventListener("dragover", (event) => { if (carries(event)) event.preventDefault(); });
  addEventListener("drop", (event) => {
    if (!carries(event)) return;
    event.preventDefault();
    depth = 0;
    over(false);
    if (event.dataTransfer.files[0]) take(event.dataTransfer.files[0]);
  });
  addEventListener("paste", (event) => {
    const file = [...(event.clipboardData?.files ?? [])].find((each) => each.type.startsWith("image/"));
    if (file) take(file);
  });
}

/** Buttons of pictures to start from. */
export async function examples(list, names, server, take, verb = "Trace") {
  for (const name of names) {
    const item = document.createElement("li"), button = document.createElement("button"), image = new Image();
    const word = name.replace(/\.\w+$/, "").replace("-", " ");
    button.type = "button";
    button.setAttribute("aria-label", `${verb} the example ${word}`);
    image.alt = "";
    button.append(image);
    item.append(button);
    list.append(item);
    const blob = await server.example(name);
    image.src = URL.createObjectURL(blob);
    button.addEventListener("click", () => take(new File([blob], name, { type: blob.type })));
  }
}

const LARGEST = 4096;

/** What a browser can show of a file, not larger than it must be; null where it cannot. */
export async function shown(file) {
  try {
    const whole = await createImageBitmap(file), longest = Math.max(whole.width, whole.height);
    if (longest <= LARGEST) return { image: whole, width: whole.width, height: whole.height };
    const part = LARGEST / longest;
    const image = await createImageBitmap(whole, { resizeWidth: Math.round(whole.width * part), resizeHeight: Math.round(whole.height * part), resizeQuality: "high" });
    const { width, height } = whole;
    whole.close();
    return { image, width, height };
  } catch {
    return null;
  }
}
