/** The keyboard: what each key does, but in fields that need it themselves. */

const FIELDS = "input:not([type=checkbox]), select, textarea";

/** @param keys acts by key, as in {" ": play, "ctrl z": undo} */
export function listen(keys) {
  addEventListener("keydown", (event) => {
    const ctrl = event.ctrlKey || event.metaKey;
    if (event.altKey || event.target.closest?.(FIELDS)) return;
    if ([" ", "Enter"].includes(event.key) && event.target.closest?.("button, summary, label, a, input")) return;
    const act = keys[`${ctrl ? "ctrl " : ""}${event.shiftKey && ctrl ? "shift " : ""}${event.key.length === 1 ? event.key.toLowerCase() : event.key}`];
    if (act && act() !== false) event.preventDefault();
  });
}
