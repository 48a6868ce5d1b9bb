/** The server of this page: what it is asked, and errors as the one line that it gives. */

const KEY = "dood-token";

/** The token of the address, kept for reloads of this tab, and taken out of the address bar. */
function takeToken() {
  const token = new URLSearchParams(location.hash.slice(1)).get("token");
  if (token) {
    sessionStorage.setItem(KEY, token);
    history.replaceState(null, "", location.pathname);
  }
  return sessionStorage.getItem(KEY) ?? "";
}

export class Server {
  constructor() {
    this.token = takeToken();
  }

  async about() {
    return (await this.ask("about")).json();
  }

  async example(name) {
    return (await this.ask(`examples/${encodeURIComponent(name)}`)).blob();
  }

  /** @param mended {kept, gone}: drawings of strokes that stay, and that stay away */
  async trace(blob, name, options, signal, mended) {
    const query = new URLSearchParams({ name, ...options }), path = mended ? "retrace" : "trace";
    const body = mended ? new Blob([JSON.stringify(mended), "\n", blob]) : blob;
    return (await this.ask(`${path}?${query}`, { method: "POST", body, signal })).json();
  }

  async compare(drawn, signal) {
    return (await this.ask("compare", { method: "POST", body: JSON.stringify(drawn), signal })).json();
  }

  /** @param load whether the server is to be ready for them */
  async models(load) {
    return (await this.ask(load ? "models?load" : "models")).json();
  }

  /** What a model makes of strokes: continue, again, invent or which. */
  async modelled(verb, asked, signal) {
    return (await this.ask(`models/${verb}`, { method: "POST", body: JSON.stringify(asked), signal })).json();
  }

  /** The steps of the inference of a picture. */
  async inside(file, asked, signal) {
    return (await this.ask(`inside?${new URLSearchParams({ name: file.name, ...asked })}`, { method: "POST", body: file, signal })).json();
  }

  async export(format, drawing) {
    return (await this.ask(`export/${format}`, { method: "POST", body: JSON.stringify(drawing) })).blob();
  }

  async ask(path, settings = {}) {
    let response;
    try {
      response = await fetch(`/api/${path}`, { ...settings, headers: { "x-dood-token": this.token } });
    } catch (error) {
      if (error.name === "AbortError") throw error;
      throw new Error("The studio does not answer: is dood studio still running?");
    }
    if (response.ok) return response;
    const said = await response.json().catch(() => ({}));
    throw new Error(said.error ?? `The studio answered ${response.status}.`);
  }
}
