"""What each part is worth: the same questions asked of variants of the index and of the search.

A variant changes one thing of the default: the legs of the search, one rule of the analyser, the size of passages, or the
embedder. Those that change what an index holds get an index of their own in a temporary folder; what is embedded and what
is read is remembered from one to the next.
"""

import dataclasses
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from eval.compare import Difference, differences, pair
from eval.figures import Scored
from eval.gold import GoldQuestion
from eval.judge import judge
from eval.remembering import RememberingEmbedder, RememberingReader
from eval.run import evaluate
from indexer.analysis import AnalyserRules
from indexer.build import build
from indexer.embedder import BUNDLED, EmbedderChoice, load_embedder
from indexer.manifest import Settings
from indexer.passages import PassageSizes
from service.engine import Wishes, open_engine

SIZES = (60, 120, 240)  # words of a passage, beside the default
SHOWN = ("R@5", "R@10", "MRR@10", "nDCG@10", "right quote shown", "evidence recall", "false refusals", "false answers")
_RULES = {
    "stemming": "no stemming",
    "stop_words": "stop words kept",
    "accents": "accents kept",
    "elision": "elisions kept",
    "compounds": "no joined compounds",
    "inclusive": "inclusive forms kept",
    "figures": "grouped figures, article numbers, acronyms taken apart",
}


@dataclass(frozen=True, slots=True)
class Variant:
    """One change to the default: ``group`` says of what, ``name`` which. The first of all changes nothing."""

    group: str
    name: str
    settings: Settings = Settings()
    wishes: Wishes = Wishes()


@dataclass(frozen=True, slots=True)
class Ablation:
    """A variant's figures beside the default's: ``before`` is the default, ``after`` the variant."""

    variant: Variant
    differences: tuple[Difference, ...]


def variants(embedders: Sequence[EmbedderChoice] = ()) -> list[Variant]:
    """The default first, then every variant."""
    default = Settings()
    return [
        Variant("search", "dense and lexical, fused, reranked"),
        Variant("search", "fused, without the reader", wishes=Wishes(use_reader=False)),
        Variant("search", "dense only, without the reader", wishes=Wishes(dense_weight=1.0, use_reader=False)),
        Variant("search", "lexical only, without the reader", wishes=Wishes(dense_weight=0.0, use_reader=False)),
        Variant("search", "dense only, reranked", wishes=Wishes(dense_weight=1.0)),
        Variant("search", "lexical only, reranked", wishes=Wishes(dense_weight=0.0)),
        *(
            Variant("analyser", name, dataclasses.replace(default, rules=dataclasses.replace(AnalyserRules(), **{rule: False})))
            for rule, name in _RULES.items()
        ),
        *(Variant("passages", f"{words} words", dataclasses.replace(default, sizes=_sizes(words))) for words in SIZES),
        *(Variant("embedder", choice.model, dataclasses.replace(default, embedder=choice)) for choice in embedders),
    ]  # fmt: skip


def _sizes(words: int) -> PassageSizes:
    default = PassageSizes()
    return dataclasses.replace(default, words=words, least_words=min(default.least_words, words // 3))


def ablate(
    questions: list[GoldQuestion],
    folder: Path,
    model: Path,
    workspace: Path,
    chosen: Sequence[Variant],
    threads: int,
    tell: Callable[[Variant], None] = lambda _: None,
) -> Iterator[Ablation]:
    """Ask the questions of each variant over ``folder``; the first variant is what the others are measured against.

    ``model`` is the bundled embedder's folder, ``workspace`` an empty one for the indexes. Raises what ``build`` and
    ``evaluate`` raise.
    """
    remembering = RememberingEmbedder(load_embedder(EmbedderChoice(), model, threads))
    reader: RememberingReader | None = None
    places: dict[Settings, Path] = {}
    before: tuple[Scored, ...] = ()
    for variant in chosen:
        tell(variant)
        if variant.settings not in places:
            places[variant.settings] = workspace / f"index-{len(places)}"
            embedder = remembering if variant.settings.embedder.model == BUNDLED else None
            build(folder, places[variant.settings], variant.settings, model, threads, embedder=embedder)
        engine = open_engine(places[variant.settings], threads)
        if engine.reader is not None:
            engine.reader = reader = reader or RememberingReader(engine.reader)
        after = judge(evaluate(questions, engine, variant.wishes), "").scored
        before = before or after
        yield Ablation(variant, tuple(differences(pair(before, after)[0])))


def as_markdown(ablations: Sequence[Ablation]) -> str:
    """The table: a row a variant; ▲ better, ▼ worse where the paired interval against the default excludes 0."""
    lines = ["| | variant | " + " | ".join(SHOWN) + " |", "|---|---|" + "---:|" * len(SHOWN)]
    group = ""
    for ablation in ablations:
        found = {difference.measure.name: difference for difference in ablation.differences}
        cells = [_cell(found[name]) if name in found else "–" for name in SHOWN]
        shown = ablation.variant.group if ablation.variant.group != group else ""
        group = ablation.variant.group
        lines.append(f"| {shown} | {ablation.variant.name} | " + " | ".join(cells) + " |")
    return "\n".join(lines) + "\n"


def _cell(difference: Difference) -> str:
    gain = difference.gain
    mark = "" if gain is None else " ▲" if gain[0] > 0 else " ▼" if gain[1] < 0 else ""
    return f"{difference.after:.3f}{mark}"
