"""A question to a query: language, content words, typing errors mended from the corpus's own words, what it asks for."""

import math
import re

import numpy as np
from rapidfuzz.distance import OSA
from rapidfuzz.process import extract

from indexer.analysis import FrenchAnalyser, Token, fold
from indexer.embedder import Embedder, Vectors
from indexer.errors import QuestionEmpty, QuestionTooLong, QuestionUndecodable
from indexer.index import Index
from service.answer import Query, Term

LONGEST_QUESTION = 1000  # characters
MEANT = 3
LEAST_LIKE = 0.78
_ROWS = 8192  # vectors compared at once

_WORD = re.compile(r"[^\W\d_]+")
_ENGLISH = frozenset(
    "the of and to is are was were what who whom which when where why how does do did has have with for from by this "
    "that these those it its they their he she an in on at as be been can could should would will about much many".split()
)
_FRENCH = frozenset(
    "le la les l un une des du de d et est sont que qu qui quoi quel quelle quels quelles quand ou comment pourquoi "
    "combien dans par pour sur avec sans ce cet cette ces il elle ils elles on nous vous je ne pas plus en au aux a se sa "
    "son ses leur leurs y t".split()
)

# What the question word asks for, on the folded question. Several may hold.
_EXPECTATIONS = {
    "number": r"\b(?:combien|quel(?:le)?s?\s+(?:(?:est|etait|fut|sera)\s+(?:le|la|l')\s*)?(?:nombre|montant|somme|prix|part|"
    r"pourcentage|taux|proportion|duree|age|distance|taille|superficie|effectif|cout|tarif|salaire|chiffre)|quelle quantite|"
    r"a quel (?:prix|age|taux)|how (?:many|much|long|old|far)|what (?:percentage|share|number|amount|proportion))",
    "date": r"\b(?:quand|en quelle annee|quelle annee|quel jour|a quelle date|quelle date|depuis quand|quel mois|"
    r"a quelle epoque|quel siecle|when|(?:what|which) (?:year|date|day|century))\b",
    "person": r"\b(?:qui|quel(?:le)?s? (?:est )?(?:l'|le |la )?(?:auteur|autrice|philosophe|sociologue|economiste|ministre|"
    r"president|personne|chercheu\w+|directeur|directrice|journaliste|ecrivain|roi|reine|nom)|who|whom|whose)\b",
    "reason": r"\b(?:pourquoi|pour quelle(?:s)? raison|a cause de quoi|quelle(?:s)? (?:est |sont )?(?:la |les )?(?:cause|raison)"
    r"|dans quel but|en quoi|why|what (?:cause|reason))",
    "definition": r"(?:qu'?\s?est[- ]?ce qu[e']|que (?:signifie|designe|veut dire|recouvre|sont|est)|c'?est quoi|definition|"
    r"qu'entend|defini|qu'appelle|comment (?:appelle|definit)|what (?:is|are|does .* mean)|define\b|meaning of)",
    "place": r"\b(?:ou|dans quel(?:le)? (?:pays|ville|region|lieu)|quel pays|quelle ville|where|which (?:country|city))\b",
}
# The words right before what is asked for.
_ASKED_OF = re.compile(
    r"\b(?:quel(?:le)?s?(?: (?:est|sont|etait|fut))?|combien d(?:e|'| )|how many|how much|which|what)\b"
)
_EXPECTS = {name: re.compile(pattern) for name, pattern in _EXPECTATIONS.items()}


def understand(question: str, index: Index, embedder: Embedder) -> Query:
    """Make a query of a question. Raises ``QuestionEmpty``, ``QuestionTooLong`` or ``QuestionUndecodable``."""
    try:
        question.encode("utf-8")
    except UnicodeEncodeError as error:
        raise QuestionUndecodable() from error
    text = " ".join(question.split())
    if not re.search(r"\w", text):
        raise QuestionEmpty()
    if len(text) > LONGEST_QUESTION:
        raise QuestionTooLong(length=len(text), limit=LONGEST_QUESTION)
    plain = fold(text)
    terms = _terms(text, index, embedder, FrenchAnalyser(index.manifest.settings.rules))
    mended = _mended(text, terms)
    return Query(
        text=text,
        mended=mended,
        lang=language(text),
        terms=terms,
        focus=_focus(text, terms),
        expects=frozenset(name for name, pattern in _EXPECTS.items() if pattern.search(plain)),
        vector=embedder.embed_questions([mended])[0],
    )


def language(text: str, otherwise: str = "fr") -> str:
    """``"fr"`` or ``"en"``, by the function words; ``otherwise`` where they do not tell."""
    words = _WORD.findall(fold(text))
    english = sum(word in _ENGLISH and word not in _FRENCH for word in words)
    french = sum(word in _FRENCH and word not in _ENGLISH for word in words)
    if english == french:
        return otherwise
    return "en" if english > french else "fr"


def _terms(text: str, index: Index, embedder: Embedder, analyser: FrenchAnalyser) -> tuple[Term, ...]:
    """The content words, each once, in reading order. The joined form of a hyphenated word only where it is known."""
    passages = max(index.manifest.passages, 1)
    kept: list[tuple[Token, int, tuple[str, ...]]] = []
    seen: set[str] = set()
    covered: list[tuple[int, int]] = []  # where the parts of a hyphenated word stand
    tokens = list(analyser.tokens(text))
    for place, token in enumerate(tokens):
        if token.term in seen:
            continue
        seen.add(token.term)
        found = index.lexical.passages_with(token.term)
        joined = any(start >= token.start and end <= token.end for start, end in covered)
        covered.append((token.start, token.end))
        if joined and not found:
            continue
        mended: tuple[str, ...] = ()
        if not (found or joined or _is_word(token, embedder)):
            mended = _corrections(token, index) or _part_of_word(
                text, tokens[max(place - 1, 0) : place + 2], token, index
            )
        kept.append((token, found, mended))
    typed = [text[token.start : token.end] for token, _, _ in kept]
    vectors = embedder.embed_questions(
        [" ".join(mended) or word for word, (_, _, mended) in zip(typed, kept, strict=True)]
    )
    terms = []
    for word, likeness, (token, found, mended) in zip(typed, _likeness(vectors, index), kept, strict=True):
        read_as = tuple(analyser.stem(part) for part in mended)
        counted = found or max((index.lexical.passages_with(term) for term in read_as), default=0)
        weight = math.log(1 + (passages - counted + 0.5) / (counted + 0.5))
        named = _is_named(text, token)
        meant = () if found or mended else _meant(likeness, index)
        terms.append(
            Term(word, token.surface, token.term, weight, bool(found), named, likeness, mended, read_as, meant)
        )
    return tuple(terms)


def _meant(likeness: Vectors, index: Index) -> tuple[tuple[str, float], ...]:
    """The terms of the corpus nearest to a word that it does not hold: at most ``MEANT``, from ``LEAST_LIKE`` on."""
    if not len(likeness):
        return ()
    names = index.corpus.term_names()
    nearest = np.argsort(-likeness, kind="stable")[:MEANT]
    return tuple((names[row], float(likeness[row])) for row in nearest if likeness[row] >= LEAST_LIKE)


def _likeness(vectors: Vectors, index: Index) -> Vectors:
    """Cosines (words, terms of the corpus)."""
    pieces = [
        vectors @ index.terms[start : start + _ROWS].astype(np.float32).T for start in range(0, len(index.terms), _ROWS)
    ]
    return np.concatenate(pieces, axis=1) if pieces else np.zeros((len(vectors), 0), np.float32)


def _focus(text: str, terms: tuple[Term, ...]) -> int | None:
    match = _ASKED_OF.search(fold(text))
    if match is None:
        return None
    plain = fold(text)
    places = [(plain.find(term.surface, match.end()), number) for number, term in enumerate(terms)]
    after = [(place, number) for place, number in places if place >= 0]
    return min(after)[1] if after else None


def _is_named(text: str, token: Token) -> bool:
    """A number, or a word with a capital that does not open the question: what an answer must be about."""
    first = text[token.start]
    opens = not re.search(r"\w", text[: token.start])
    return first.isdigit() or (first.isupper() and not opens and not text.isupper())


def _is_word(token: Token, embedder: Embedder) -> bool:
    """Whether the embedder's vocabulary holds the word whole: « invisibles » is no typing error for « visibles »."""
    whole, nothing = embedder.count_tokens([token.surface, ""])
    return whole - nothing == 1


def _corrections(token: Token, index: Index) -> tuple[str, ...]:
    """Words of the corpus that an unknown word was probably meant as: one, or two that it joins; ``()`` if none.

    One error (optimal string alignment: a swap of neighbours counts as one) from five letters on, two from nine on.
    """
    surface = token.surface
    if len(surface) < 5 or any(character.isdigit() for character in surface):
        return ()
    words = index.corpus.words()
    if surface in words:
        return ()
    for cut in range(3, len(surface) - 2):
        if surface[:cut] in words and surface[cut:] in words:
            return surface[:cut], surface[cut:]
    most = 1 if len(surface) < 9 else 2
    near = extract(surface, list(words), scorer=OSA.distance, score_cutoff=most, limit=None)
    candidates = [
        (distance, word[0] != surface[0], -words[word], word)
        for word, distance, _ in near
        if len(word) >= 4 and word.isalpha()
    ]
    return (min(candidates)[3],) if candidates else ()


def _part_of_word(text: str, around: list[Token], token: Token, index: Index) -> tuple[str, ...]:
    """A word too short to be mended alone, with one error, as a part of a hyphenated word whose other part stands
    beside it: « bak office ». Names are left alone."""
    words = index.corpus.words()
    if not 3 <= len(token.surface) < 5 or not token.surface.isalpha() or text[token.start].isupper():
        return ()
    candidates = []
    for other in around:
        first, second = sorted((token, other), key=lambda one: one.start)
        if text[first.end : second.start] not in (" ", "-") or other.surface not in words:
            continue
        typed = first.surface + second.surface
        for whole, distance, _ in extract(typed, list(words), scorer=OSA.distance, score_cutoff=1, limit=None):
            part = whole.removesuffix(other.surface) if other is second else whole.removeprefix(other.surface)
            if part != whole and part in words:
                candidates.append((distance, -words[part], part))
    return (min(candidates)[2],) if candidates else ()


def _mended(text: str, terms: tuple[Term, ...]) -> str:
    """The question with its mended words, for embedder and reader."""
    instead = {term.surface: " ".join(term.corrected) for term in terms if term.corrected}
    if not instead:
        return text
    return re.sub(r"\w+", lambda match: instead.get(fold(match.group()), match.group()), text)
