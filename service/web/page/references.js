// Where a quote comes from, in words; and an answer as a text to be pasted elsewhere.

import { dateInWords, number, quoted, words } from "./words.js";

/** Title, author, publication and date; the file where none is known. */
export function aboutSource(citation) {
  const parts = [citation.title, citation.author, citation.publication, dateInWords(citation.date)];
  return parts.filter(Boolean).join(", ") || citation.path;
}

/** File and line, or heading. */
export function whereInSource(citation) {
  if (citation.line !== null) return `${citation.path}, ${words().line} ${citation.line}`;
  return citation.heading ? `${citation.path}, ${quoted(citation.heading)}` : citation.path;
}

/** The span, in characters of the document. */
export function spanOf(citation) {
  return `${words().characters} ${number(citation.start)}–${number(citation.end)}`;
}

/** The answer with its references: author, title, date, span. */
export function references(answer) {
  const told = words();
  const lines = [answer.question, ""];
  const cited = answer.status === "refused" ? answer.nearest : answer.citations;
  if (answer.status === "refused") {
    lines.push(told.refused);
    if (answer.missing_terms.length) lines.push(told.missing + answer.missing_terms.map(quoted).join(", "));
    if (cited.length) lines.push("", told.nearest);
  }
  if (answer.status === "answered") {
    const sentences = answer.sentences.filter((sentence) => sentence.supported);
    lines.push(sentences.map((s) => `${s.text} ${s.citations.map((n) => `[${n}]`).join("")}`.trim()).join(" "), "");
  }
  for (const citation of cited) {
    const short = citation.short_answer && citation.short_answer !== citation.quote ? `${citation.short_answer} — ` : "";
    lines.push(`${short}${quoted(citation.quote)} [${citation.n}]`);
  }
  if (cited.length) lines.push("", told.references);
  for (const citation of cited) lines.push(`[${citation.n}] ${reference(citation)}`);
  return lines.join("\n") + "\n";
}

function reference(citation) {
  const parts = [citation.author, citation.title && quoted(citation.title), citation.publication, dateInWords(citation.date)];
  const place = `${whereInSource(citation)}, ${words().characters} ${citation.start}–${citation.end}`;
  return [[...parts.filter(Boolean)].join(", "), place, citation.url].filter(Boolean).join(" — ");
}
