// The pane of the source: a document's whole text, scrolled to the span of a citation. Beside the answer where there is
// room, over it on a phone.

import { byId, el, fill, webAddress } from "./dom.js";
import { cut } from "./offsets.js";
import { aboutSource, spanOf, whereInSource } from "./references.js";
import { documentWith } from "./service.js";
import { languageOf, words } from "./words.js";

const NARROW = matchMedia("(max-width: 60rem)");

export class SourcePane {
  #citations = [];
  #index = 0;
  #opener = null;
  #shown = null; // the id of the document on show

  /** `withKey(call)` makes a call again once the reader has given a key. */
  constructor(withKey) {
    this.withKey = withKey;
    this.pane = byId("source");
    this.body = byId("source-body");
    byId("source-close").addEventListener("click", () => this.close());
    byId("source-previous").addEventListener("click", () => this.#step(-1));
    byId("source-next").addEventListener("click", () => this.#step(1));
    this.pane.addEventListener("close", () => this.#closed());
    document.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && this.pane.open && !NARROW.matches && !document.querySelector("dialog:modal")) this.close();
    });
    NARROW.addEventListener("change", () => {
      if (!this.pane.open) return;
      const opener = this.#opener;
      this.#opener = null; // not closed: shown the other way
      this.pane.close();
      this.#opener = opener;
      this.#show();
    });
  }

  /** Open citation `index` of `citations`; the focus comes back to `opener` in the end. */
  async open(citations, index, opener) {
    this.#citations = citations;
    this.#index = index;
    if (opener) this.#opener = opener;
    this.#show();
    await this.#load();
  }

  close() {
    this.pane.close();
  }

  /** Say it again: the language has changed. */
  retell() {
    if (this.pane.open) this.#load();
  }

  #show() {
    if (!this.pane.open) NARROW.matches ? this.pane.showModal() : this.pane.show();
    document.body.classList.add("with-source");
  }

  #closed() {
    if (this.pane.open) return; // shown again in the meantime, the other way
    document.body.classList.remove("with-source");
    this.#shown = null;
    fill(this.body);
    for (const one of document.querySelectorAll(".mark[aria-current]")) one.removeAttribute("aria-current");
    const back = this.#opener?.isConnected ? this.#opener : byId("question");
    this.#opener = null;
    back.focus();
  }

  #step(by) {
    const index = this.#index + by;
    if (index >= 0 && index < this.#citations.length) this.open(this.#citations, index, null);
  }

  async #load() {
    const told = words();
    const citation = this.#citations[this.#index];
    this.#head(citation);
    fill(byId("source-proof"));
    if (this.#shown !== citation.document) fill(this.body, el("p", { class: "loading" }, told.loading));
    byId("source-title").focus({ preventScroll: true });
    let found;
    try {
      found = await this.withKey(() => documentWith(citation.document, citation.start, citation.end));
    } catch (error) {
      if (citation === this.#citations[this.#index]) this.#passageOnly(citation, error);
      return;
    }
    if (citation !== this.#citations[this.#index]) return; // another one was asked for in the meantime
    const [before, span, after] = cut(found.text, [citation.start, citation.end]);
    this.#shown = citation.document;
    const proven = span === citation.quote;
    const mark = el("mark", { id: "span", tabindex: -1 }, highlighted(span, citation));
    fill(this.body, el("div", { class: "text-of", lang: languageOf(found.text), dir: "auto" }, ...above(before), mark, ...below(after)));
    fill(byId("source-proof"), el("span", { class: proven ? "proven" : "warning" }, proven ? `✓ ${told.verified}` : told.unverified), ` · ${spanOf(citation)}`);
    mark.scrollIntoView({ block: mark.offsetHeight > this.body.clientHeight * 0.8 ? "start" : "center" });
    mark.focus({ preventScroll: true });
  }

  #head(citation) {
    const told = words();
    const title = byId("source-title");
    title.textContent = citation.title ?? citation.author ?? citation.path;
    title.lang = languageOf(title.textContent);
    const about = aboutSource({ ...citation, title: null, author: citation.title ? citation.author : null });
    fill(byId("source-about"), [about !== citation.path && about, whereInSource(citation)].filter(Boolean).join(" — "));
    const address = webAddress(citation.url);
    const link = byId("source-link");
    link.hidden = address === null;
    if (address) link.href = address;
    else link.removeAttribute("href");
    link.textContent = told.original;
    byId("source-place").textContent = told.place(this.#index + 1, this.#citations.length);
    byId("source-steps").hidden = this.#citations.length < 2;
    byId("source-previous").ariaDisabled = String(this.#index === 0);
    byId("source-next").ariaDisabled = String(this.#index === this.#citations.length - 1);
    for (const one of document.querySelectorAll(".mark[aria-current]")) one.removeAttribute("aria-current");
    if (this.#opener?.matches(".mark")) this.#opener.ariaCurrent = "true";
  }

  /** The document is not to be had: what the citation itself holds. */
  #passageOnly(citation, error) {
    const told = words();
    this.#shown = null;
    fill(
      this.body,
      el("p", { class: "failure", role: "alert" }, error.status ? error.message : told.unreachable),
      el("p", {}, told.passageOnly),
      el("div", { class: "text-of", lang: languageOf(citation.quote) }, citation.before, el("mark", { id: "span", tabindex: -1 }, citation.quote), citation.after),
    );
  }
}

/** The span, its short answer in bold. */
function highlighted(span, citation) {
  if (typeof citation.short_start !== "number" || span !== citation.quote) return span;
  const [before, short, after] = cut(span, [citation.short_start - citation.start, citation.short_end - citation.start]);
  return [before, el("b", {}, short), after];
}

const PIECE = 4000; // characters: what is far from the screen is laid out only when it comes near

/** What stands before the span: whole lines as blocks, the line that the span begins in as it is. */
function above(text) {
  const line = text.lastIndexOf("\n") + 1;
  return [...blocks(text.slice(0, line)), text.slice(line)];
}

/** What stands after the span: the line that it ends in as it is, then whole lines as blocks. */
function below(text) {
  const line = text.indexOf("\n") + 1;
  return line ? [text.slice(0, line), ...blocks(text.slice(line))] : [text];
}

function blocks(text) {
  const made = [];
  for (let start = 0; start < text.length; ) {
    const line = text.indexOf("\n", start + PIECE);
    const end = line < 0 ? text.length : line + 1;
    made.push(el("span", { class: "piece" }, text.slice(start, end)));
    start = end;
  }
  return made;
}
