// Which sources, and since when.

import { byId, el, fill } from "./dom.js";
import { aboutSource } from "./references.js";
import { dateInWords, quoted, words } from "./words.js";

const DATE = /^\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?$/;
const MOST = 20; // sources in one question
const FINDABLE = 8; // from this many on, a field to find one in the list
const SHOWN = 100; // of the list at once

/** The filters below the question. With a list of documents, one box each; without, words to be found in their names. */
export class Filters {
  #documents = null;
  #chosen = new Set();

  constructor() {
    byId("since").addEventListener("input", () => this.update());
    byId("source-text").addEventListener("input", () => this.update());
    byId("find").addEventListener("input", () => this.#list());
    byId("reset").addEventListener("click", () => {
      this.#chosen.clear();
      for (const id of ["since", "source-text", "find"]) byId(id).value = "";
      this.#list();
      byId("since").focus();
    });
  }

  /** The documents to choose from, or null. */
  offer(documents) {
    this.#documents = documents?.length ? documents : null;
    byId("source-words").hidden = this.#documents !== null;
    byId("source-list").hidden = this.#documents === null;
    byId("find-in").hidden = (this.#documents?.length ?? 0) < FINDABLE;
    this.#list();
  }

  /** `{sources, since}` as the service wants them, and `names` for the reader; null where the date cannot be read. */
  chosen() {
    const since = byId("since").value.trim();
    if (since && !DATE.test(since)) return null;
    const typed = byId("source-text").value.trim();
    if (this.#documents === null) return { sources: typed ? [typed] : [], names: typed ? [typed] : [], since: since || null };
    const chosen = this.#documents.filter((one) => this.#chosen.has(one.id));
    return { sources: chosen.map((one) => one.id), names: chosen.map((one) => one.title ?? one.path), since: since || null };
  }

  /** Say what is chosen and what is wrong with it. */
  update() {
    const told = words();
    const chosen = this.chosen();
    const faulty = chosen === null && document.activeElement !== byId("since");
    byId("since").ariaInvalid = String(faulty);
    byId("since-wrong").textContent = faulty ? told.sinceWrong : "";
    byId("sources-wrong").textContent = this.#chosen.size >= MOST ? told.tooMany : "";
    const sources = chosen?.sources.length ? (this.#documents ? told.someSources(chosen.sources.length) : quoted(chosen.sources[0])) : told.allSources;
    const since = chosen?.since ? told.sinceShort(dateInWords(chosen.since)) : told.allDates;
    byId("filters-now").textContent = `${sources}, ${since}`;
  }

  #list() {
    const wanted = fold(byId("find").value);
    const shown = (this.#documents ?? []).filter((one) => this.#chosen.has(one.id) || fold(`${aboutSource(one)} ${one.path}`).includes(wanted));
    fill(byId("source-boxes"), shown.slice(0, SHOWN).map((one) => {
      const box = el("input", { type: "checkbox", value: one.id, onchange: () => this.#choose(box) });
      box.checked = this.#chosen.has(one.id);
      return el("label", { class: "box" }, box, el("span", { class: "text" }, aboutSource(one)));
    }));
    this.update();
  }

  #choose(box) {
    if (!box.checked) this.#chosen.delete(box.value);
    else if (this.#chosen.size < MOST) this.#chosen.add(box.value);
    else box.checked = false;
    this.update();
  }
}

function fold(text) {
  return text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase().trim();
}
