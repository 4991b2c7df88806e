"""A drafted sentence and the quotes that it cites to a verdict: shown, or dropped, and why.

The rule is that of a careful copy editor: every number, name and content word of the sentence must be found in the quotes
(as itself, as a word of the same root, or as one that means the same by its vector), with the same denials, quantifiers,
modality, bounds and roles. What cannot be found makes the sentence unsupported. No model is asked for its opinion.
"""

import re
from collections.abc import Callable, Iterator, Sequence

import numpy as np

from indexer.analysis import FrenchAnalyser, fold
from indexer.embedder import Embedder, Vectors
from service.answer import Citation
from service.prose.assertions import conditions, modality, quantifiers
from service.prose.causes import causes
from service.prose.comparison import Comparison, Likeness, compare
from service.prose.contents import content_words, echo, share_held
from service.prose.polarity import comparatives, denials, opposites
from service.prose.quantities import numbers
from service.prose.roles import attachments, roles, slots
from service.prose.verdict import Blame, Reason, Verdict
from service.prose.words import Words, read_words
from service.understand import language

_MARKUP = re.compile(r"[\[\]<>{}|`]|\bsource\s*\d|https?://", re.IGNORECASE)
_CODE = re.compile(r"`[^`\s][^`]{0,80}`")

# What a sentence must pass, in the order in which a verdict tells the reasons.
RULES: tuple[Callable[[Comparison], Iterator[Blame]], ...] = (
    content_words, numbers, opposites, denials, quantifiers, modality, conditions, comparatives, roles, attachments, slots,
    causes, echo,
)  # fmt: skip


class Checker:
    """Compares sentences with the quotes of one answer. Keeps the vectors of their words."""

    def __init__(self, question: str, lang: str, citations: Sequence[Citation], embedder: Embedder) -> None:
        self._embedder = embedder
        self._analyser = analyser = FrenchAnalyser()
        self._lang = lang
        self._question = read_words(question, analyser)
        self._quotes = {citation.n: read_words(citation.quote, analyser) for citation in citations}
        self._around = {
            citation.n: {word.term for word in read_words(_around(citation), analyser).words} for citation in citations
        }
        self._before = {
            citation.n: [word for word in read_words(citation.before, analyser).words if word.content and not word.name]
            for citation in citations
        }
        self._raw = {citation.n: citation.quote for citation in citations}
        self._titles = {citation.n: read_words(citation.title or "", analyser) for citation in citations}
        self._vectors: dict[str, Vectors] = {}

    def check(self, sentence: str, cited: Sequence[int]) -> Verdict:
        """Whether the quotes numbered ``cited`` support the sentence (without its markers)."""
        quotes = [self._quotes[n] for n in cited if n in self._quotes]
        if not quotes:
            return Verdict(False, 0.0, (Reason.UNCITED,))
        if not re.search(r"\w", sentence):
            return Verdict(False, 0.0, (Reason.EMPTY,))
        if any(_same(sentence, self._raw[n]) for n in cited if n in self._raw):
            return Verdict(True, 1.0)
        if _MARKUP.search(_without_code(sentence, [self._raw[n] for n in cited if n in self._raw])):
            return Verdict(False, 0.0, (Reason.MARKUP,))
        if language(sentence, self._lang) != self._lang:
            return Verdict(False, 0.0, (Reason.LANGUAGE,))
        around = set().union(*(self._around[n] for n in cited if n in self._around))
        before = {word.term for n in cited for word in self._before.get(n, ())}
        titles = [self._titles[n] for n in cited if n in self._titles]
        said = read_words(sentence, self._analyser)
        likeness = self._likeness(said, quotes)
        return _judge(compare(said, quotes, self._question, titles, around, before, likeness))

    def _likeness(self, said: Words, quotes: list[Words]) -> Likeness:
        """Cosines of the sentence's content words that stand in no quote, and the quotes' content words."""
        held = {word.term for quote in quotes for word in quote.words}
        asked = sorted({w.surface for w in said.words if w.content and w.term not in held})
        given = sorted({w.surface for quote in quotes for w in quote.words if w.content})
        if not asked or not given:
            return {}
        new = [word for word in dict.fromkeys([*asked, *given]) if word not in self._vectors]
        if new:
            self._vectors.update(zip(new, self._embedder.embed_questions(new), strict=True))
        cosines = np.stack([self._vectors[w] for w in asked]) @ np.stack([self._vectors[w] for w in given]).T
        return {(one, other): float(cosines[i, j]) for i, one in enumerate(asked) for j, other in enumerate(given)}


def _judge(comparison: Comparison) -> Verdict:
    """The verdict of all rules; each reason stands where the first rule blames for it."""
    blamed: dict[Reason, list[str]] = {}
    for rule in RULES:
        for blame in rule(comparison):
            blamed.setdefault(blame.reason, []).extend(blame.words)
    words = dict.fromkeys(word for found in blamed.values() for word in found)
    return Verdict(not blamed, round(share_held(comparison), 4), tuple(blamed), tuple(words))


def _around(citation: Citation) -> str:
    told = (citation.title, citation.heading, citation.author, citation.publication, citation.before, citation.after)
    return "\n".join(part for part in told if part)


def _same(sentence: str, quote: str) -> bool:
    """Whether the sentence is the quote, whatever its spaces, apostrophes, guillemets and end."""
    return _bare(sentence) == _bare(quote)


def _without_code(sentence: str, quotes: list[str]) -> str:
    """The sentence without what it has between backticks as a quote has it."""
    return _CODE.sub(lambda code: "" if any(code.group() in quote for quote in quotes) else code.group(), sentence)


def _bare(text: str) -> str:
    return " ".join(re.findall(r"\w+", fold(text)))
