/** What is going on, and what went wrong. */

const byId = (id) => document.getElementById(id);

export function complain(error) {
  byId("notice-text").textContent = error.message ?? String(error);
  byId("notice").hidden = false;
}

export function hush() {
  byId("notice").hidden = true;
}

byId("notice-close").addEventListener("click", hush);

let current = null;

/** Run a job that can be cancelled; it is told of only if it takes a while. A new one takes the place of one before.
 * Returns what the job gives, or undefined where it was cancelled or failed, which is said. */
export async function busy(label, job) {
  current?.abort();
  const own = current = new AbortController(), begun = performance.now();
  hush();
  const clock = setInterval(() => {
    const seconds = Math.floor((performance.now() - begun) / 1000);
    byId("busy-text").textContent = seconds ? `${label}, ${seconds} s` : label;
    byId("busy").hidden = false;
  }, 300);
  try {
    return await job(own.signal);
  } catch (error) {
    if (error.name !== "AbortError") complain(error);
    return undefined;
  } finally {
    clearInterval(clock);
    if (current === own) {
      current = null;
      byId("busy").hidden = true;
    }
  }
}

export function cancel() {
  current?.abort();
}

byId("cancel").addEventListener("click", cancel);
