// One turn of the chat as elements: the question, how it was understood, what the texts say.

import { el, fill } from "./dom.js";
import { cut } from "./offsets.js";
import { aboutSource, references, whereInSource } from "./references.js";
import { dateInWords, languageOf, number, quoted, words } from "./words.js";

/**
 * A turn's article. `turn` is `{question, filters, answer, sentences, state, error}`, `state` one of "asked", "quotes",
 * "done", "stopped", "failed". `actions` are `open(citations, index, opener)`, `ask(question)`, `again()`, `say(text)`.
 */
export class TurnView {
  #shown = ""; // the citations on the page, so that what has not changed keeps its place and the focus in it

  constructor(turn, number, actions) {
    this.turn = turn;
    this.actions = actions;
    this.heading = el("h2", { id: `question-${number}`, tabindex: -1 });
    this.notes = el("div", { class: "notes" });
    this.quotes = el("div", { class: "quotes" });
    this.prose = el("div", { class: "prose", "aria-live": "polite", hidden: true });
    this.foot = el("footer", { class: "foot" });
    this.element = el(
      "article",
      { class: "turn", "aria-labelledby": this.heading.id },
      this.heading, this.notes, this.quotes, this.prose, this.foot,
    );
    this.update();
  }

  /** Show the turn as it now stands. */
  update() {
    const { question, answer, state } = this.turn;
    this.heading.lang = answer?.lang ?? languageOf(question);
    this.heading.textContent = answer?.question ?? question;
    this.element.setAttribute("aria-busy", String(state === "asked" || state === "quotes"));
    fill(this.notes, notes(this.turn));
    this.#updateQuotes();
    this.#updateProse();
    fill(this.foot, this.#foot());
  }

  /** Show it anew, every word of it: the language has changed. */
  retell() {
    this.#shown = "";
    this.update();
  }

  /** Add a checked sentence of prose. What is not supported is not shown. */
  add(sentence) {
    this.turn.sentences.push(sentence);
    this.#updateProse();
  }

  #updateQuotes() {
    const { answer, state } = this.turn;
    const now = JSON.stringify([state === "asked", answer?.citations, answer?.nearest, answer?.disagreement]);
    if (now === this.#shown) return;
    this.#shown = now;
    const { actions } = this;
    if (!answer) fill(this.quotes, state === "asked" && el("p", { class: "searching" }, words().searching));
    else if (answer.status === "refused") fill(this.quotes, refusal(answer, actions));
    else fill(this.quotes, disagreement(answer, actions), answer.citations.map((_, i) => quote(answer.citations, i, actions)));
  }

  #updateProse() {
    const { answer, sentences, state } = this.turn;
    const told = (state === "done" && answer?.status === "answered" ? answer.sentences : sentences).filter((s) => s.supported);
    this.prose.hidden = !told.length;
    if (!told.length) return fill(this.prose);
    const paragraph = this.prose.querySelector("p") ?? el("p", { class: "told" });
    if (!paragraph.isConnected) fill(this.prose, el("h3", {}, words().prose), paragraph);
    this.prose.querySelector("h3").textContent = words().prose;
    paragraph.lang = answer.lang;
    // sentences already there stay: they are added to, so that a screen reader reads each once
    const there = [...paragraph.children];
    told.forEach((sentence, i) => {
      if (there[i]?.dataset.text === sentence.text) return;
      const made = this.#sentence(sentence, answer);
      if (there[i]) there[i].replaceWith(made);
      else paragraph.append(made, " ");
    });
    for (const left of there.slice(told.length)) left.remove();
  }

  #sentence(sentence, answer) {
    const places = sentence.citations.map((n) => answer.citations.findIndex((c) => c.n === n)).filter((i) => i >= 0);
    const made = el("span", { class: "text sentence" }, sentence.text, places.map((i) => ["\u00a0", mark(answer.citations, i, this.actions)]));
    made.dataset.text = sentence.text;
    return made;
  }

  #foot() {
    const { answer, state, error } = this.turn;
    const told = words();
    const parts = [];
    if (state === "failed") {
      parts.push(el("p", { class: "failure", role: "alert" }, error), el("button", { type: "button", class: "quiet", onclick: () => this.actions.again() }, told.again));
    }
    if (state === "stopped") {
      parts.push(el("p", {}, told.stopped), el("button", { type: "button", class: "quiet", onclick: () => this.actions.again() }, told.again));
    }
    if (answer && state !== "quotes") {
      parts.push(el("button", { type: "button", class: "quiet", onclick: (event) => this.#copy(event.currentTarget) }, told.copy));
    }
    if (answer?.timings?.total) {
      parts.push(el("span", { class: "time" }, told.seconds(number(answer.timings.total / 1000, 1))));
    }
    return parts;
  }

  async #copy(button) {
    const told = words();
    const done = await copied(references(this.turn.answer)) ? told.copied : told.copyFailed;
    button.textContent = done;
    this.actions.say(done);
    setTimeout(() => { button.textContent = words().copy; }, 2000);
  }
}

/** `[n]`: opens its source. */
function mark(citations, i, actions) {
  const citation = citations[i];
  const label = words().open(citation.n, aboutSource(citation));
  return el("button", { type: "button", class: "mark", "aria-label": label, onclick: (event) => actions.open(citations, i, event.currentTarget) }, `[${citation.n}]`);
}

function notes({ answer, filters }) {
  if (!answer) return [];
  const told = words();
  const made = [];
  if (answer.rewritten_question) {
    made.push(el("p", { class: "rewritten" }, told.rewritten, el("span", { class: "text", lang: answer.lang }, quoted(answer.rewritten_question))));
  }
  for (const { typed, read } of answer.corrections) {
    made.push(el("p", {}, told.read(el("b", { class: "text" }, quoted(read)), el("span", { class: "text" }, quoted(typed)))));
  }
  const limits = [filters?.names?.join(", "), filters?.since && told.sinceShort(dateInWords(filters.since))].filter(Boolean);
  if (limits.length) made.push(el("p", { class: "limits" }, `${told.filters}\u00a0: `, el("span", { class: "text" }, limits.join(" · "))));
  if (answer.stale.length) made.push(el("p", { class: "warning" }, told.stale, el("span", { class: "text" }, answer.stale.join(", ")), ". ", told.staleDo));
  return made;
}

function quote(citations, i, actions) {
  const citation = citations[i];
  const lang = languageOf(citation.quote);
  const short = citation.short_answer;
  return el(
    "figure",
    { class: "quote" },
    short && short !== citation.quote && el("p", { class: "short", lang, dir: "auto" }, short),
    el("blockquote", { lang, dir: "auto" }, opening(), quoteText(citation), closing(), "\u00a0", mark(citations, i, actions)),
    el("figcaption", {}, source(citation)),
  );
}

/** The quote; its short answer stands out in it. */
function quoteText(citation) {
  if (citation.short_start === null || citation.short_start === undefined) return citation.quote;
  const [before, short, after] = cut(citation.quote, [citation.short_start - citation.start, citation.short_end - citation.start]);
  return [before, el("b", {}, short), after];
}

const opening = () => quoted("|").split("|")[0];
const closing = () => quoted("|").split("|")[1];

function source(citation) {
  const about = aboutSource(citation);
  const where = whereInSource(citation);
  return [el("span", { class: "text about" }, about), about !== where && [" ", el("span", { class: "text where" }, where)]];
}

function disagreement(answer, actions) {
  if (!answer.disagreement.length) return null;
  const parts = answer.citations.flatMap((citation, i) => {
    if (!answer.disagreement.includes(citation.n)) return [];
    const date = dateInWords(citation.date) ?? words().undated;
    return [[el("b", { class: "text" }, quoted(citation.short_answer ?? citation.quote)), ` (${date})\u00a0`, mark(answer.citations, i, actions)]];
  });
  return el("p", { class: "warning" }, words().differ, parts.map((part, i) => [i ? ", " : null, ...part]));
}

function refusal(answer, actions) {
  const told = words();
  const missing = answer.missing_terms.map((term, i) => [i ? ", " : null, el("b", { class: "text" }, quoted(term))]);
  return [
    el("p", { class: "refused" }, told.refused),
    missing.length > 0 && el("p", {}, told.missing, ...missing),
    answer.could_answer.length > 0 && el("div", { class: "could" },
      el("p", {}, told.could),
      answer.could_answer.map((question) => el("button", { type: "button", class: "suggestion", lang: languageOf(question), onclick: () => actions.ask(question) }, question))),
    answer.nearest.length > 0 && el("div", { class: "nearest" },
      el("h3", {}, told.nearest),
      el("ul", {}, answer.nearest.map((citation, i) => el("li", {},
        el("blockquote", { lang: languageOf(citation.quote), dir: "auto" }, opening(), quoteText(citation), closing()),
        el("p", { class: "caption" }, el("span", {}, source(citation)),
          el("button", { type: "button", class: "quiet", "aria-label": told.openPassage(aboutSource(citation)), onclick: (event) => actions.open(answer.nearest, i, event.currentTarget) }, told.readPassage)))))),
  ];
}

async function copied(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    // no clipboard outside https and localhost: the old way, through a selection
    const field = el("textarea", { class: "hidden", readonly: true, tabindex: -1 });
    field.value = text;
    document.body.append(field);
    const before = document.activeElement;
    field.select();
    const done = document.execCommand("copy");
    field.remove();
    before?.focus();
    return done;
  }
}
