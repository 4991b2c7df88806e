"""Whether the gate catches what it should and lets pass what it should: ten planted regressions, ten neutral changes.

    python bench/gate.py [PART OF A NAME …]

Each (or those named) is made on the real parts over the shipped texts and held to a baseline made just before. Prints a
line for each and exits with 1 when one is missed or a neutral one is caught. What the reader says of a question and a
passage is remembered from one to the next. Half an hour of processor time.
"""

import dataclasses
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest.mock import patch

import numpy as np

from eval.figures import Scored
from eval.gate import Fall, load_gate, unmet
from eval.gold import SEEDS_GOLD, GoldQuestion, load_gold
from eval.judge import judge
from eval.remembering import RememberingReader
from eval.run import evaluate
from indexer.analysis import AnalyserRules, FrenchAnalyser
from indexer.build import build
from indexer.manifest import Settings
from indexer.resources import resource
from service import decision, engine, evidence, proof, search, understand
from service.engine import Engine, Wishes, open_engine
from service.reader import Reader

MODEL = resource("models") / "embedder"
PLAIN = Wishes()
PROOF = proof.current_text
CHOOSE = decision.choose


@dataclass(frozen=True, slots=True)
class Bench:
    """The questions, an index of the shipped texts, and a folder to build others in."""

    questions: list[GoldQuestion]
    index: Path
    workspace: Path
    reader: RememberingReader

    def opened(self, index: Path | None = None, threads: int = 2) -> Engine:
        asked = open_engine(index or self.index, threads)
        asked.reader = self.reader
        return asked

    def scores(self, wishes: Wishes = PLAIN, index: Path | None = None, threads: int = 2) -> tuple[Scored, ...]:
        return self.of(self.opened(index, threads), wishes)

    def of(self, asked: Engine, wishes: Wishes = PLAIN) -> tuple[Scored, ...]:
        return judge(evaluate(self.questions, asked, wishes), "").scored

    def built(self, name: str, folder: Path | None = None, threads: int = 2) -> Path:
        build(folder or resource("seeds"), self.workspace / name, Settings(), MODEL, threads)
        return self.workspace / name


Change = Callable[[Bench], tuple[Scored, ...]]


def with_threshold(factor: float) -> Change:
    def change(bench: Bench) -> tuple[Scored, ...]:
        asked = bench.opened()
        asked.calibrations = asked.calibrations.refusing(factor)
        return bench.of(asked)

    return change


def with_prompt(prompt: str) -> Change:
    def change(bench: Bench) -> tuple[Scored, ...]:
        asked = bench.opened()
        asked.embedder._query_prompt = prompt  # type: ignore[attr-defined]
        return bench.of(asked)

    return change


def patched(*patches: Callable[[], Any]) -> Change:
    """The whole evaluation with parts of the code replaced; each is made anew for the run."""

    def change(bench: Bench) -> tuple[Scored, ...]:
        with several(patches):
            return bench.scores()

    return change


@contextmanager
def several(patches: tuple[Callable[[], Any], ...]) -> Iterator[None]:
    made = [one() for one in patches]
    for one in made:
        one.start()
    try:
        yield
    finally:
        for one in made:
            one.stop()


def shifted(*arguments: Any) -> Any:
    return [dataclasses.replace(one, start=one.start + 1, end=one.end + 1) for one in evidence.gather(*arguments)]


def without_first_document(document: Any, index: Any) -> str | None:
    return None if document.number == 0 else PROOF(document, index)


REGRESSIONS: dict[str, Change] = {
    "wrong prompt before questions": with_prompt("passage: "),
    "stemmer off for questions": patched(
        lambda: patch.object(understand, "FrenchAnalyser", lambda _: FrenchAnalyser(AnalyserRules(stemming=False)))
    ),
    "weights of the legs swapped": lambda bench: bench.scores(Wishes(dense_weight=1 - search.DENSE_WEIGHT)),
    "offsets of quotes by one": patched(lambda: patch.object(engine, "gather", shifted)),
    "threshold moved up": with_threshold(1.5),
    "threshold moved down": with_threshold(0.5),
    "dense leg dropped": lambda bench: bench.scores(Wishes(dense_weight=0.0)),
    "lexical leg dropped": lambda bench: bench.scores(Wishes(dense_weight=1.0)),
    "quotes in reversed order": patched(
        lambda: patch.object(decision, "choose", lambda *arguments: CHOOSE(*arguments)[::-1])
    ),
    "a sound file taken for changed": patched(
        lambda: patch.object(engine, "current_text", without_first_document),
        lambda: patch.object(proof, "current_text", without_first_document),
    ),
}


def rebuilt(bench: Bench) -> tuple[Scored, ...]:
    return bench.scores(index=bench.built("rebuilt"))


def of_a_copied_folder(bench: Bench) -> tuple[Scored, ...]:
    folder = Path(shutil.copytree(resource("seeds"), bench.workspace / "ailleurs" / "textes"))
    return bench.scores(index=bench.built("copied", folder=folder))


def moved(bench: Bench) -> tuple[Scored, ...]:
    return bench.scores(index=Path(shutil.copytree(bench.index, bench.workspace / "moved")))


def of_one_thread(bench: Bench) -> tuple[Scored, ...]:
    return bench.scores(index=bench.built("one-thread", threads=1), threads=1)


def grown_and_shrunk(bench: Bench) -> tuple[Scored, ...]:
    """A file comes and goes: the third generation, its vectors taken over twice."""
    folder = Path(shutil.copytree(resource("seeds"), bench.workspace / "passing"))
    bench.built("generations", folder=folder)
    (folder / "passant.txt").write_text("Le phare de la pointe nord guide les pêcheurs par tous les temps.\n", "utf-8")
    bench.built("generations", folder=folder)
    (folder / "passant.txt").unlink()
    return bench.scores(index=bench.built("generations", folder=folder))


def in_reversed_order(bench: Bench) -> tuple[Scored, ...]:
    return dataclasses.replace(bench, questions=bench.questions[::-1]).scores()


def from_another_thread(bench: Bench) -> tuple[Scored, ...]:
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(bench.scores).result()


def word_by_word(bench: Bench) -> tuple[Scored, ...]:
    """The words of a question embedded one at a time: the last digits of their vectors change."""
    asked = bench.opened()
    embed = asked.embedder.embed_questions
    asked.embedder.embed_questions = lambda texts: (  # type: ignore[method-assign]
        np.concatenate([embed([text]) for text in texts]) if texts else embed(texts)
    )
    return bench.of(asked)


NEUTRAL: dict[str, Change] = {
    "index built again": rebuilt,
    "index of a copied folder": of_a_copied_folder,
    "index moved": moved,
    "one thread": of_one_thread,
    "a file came and went": grown_and_shrunk,
    "questions in reversed order": in_reversed_order,
    "asked from another thread": from_another_thread,
    "words embedded one by one": word_by_word,
    "more candidates of each leg": patched(lambda: patch.object(search, "DEPTH", 1000)),
    "explanations asked for": lambda bench: bench.scores(Wishes(explain=True)),
}


def main() -> None:
    with tempfile.TemporaryDirectory() as workspace:
        questions = load_gold(SEEDS_GOLD)
        reader = RememberingReader(Reader(resource("models") / "reader", threads=2))
        bench = Bench(questions, Path(workspace, "index"), Path(workspace), reader)
        bench.built("index")
        baseline = bench.scores()
        gate = load_gate(shipped=True)
        faults = 0
        for caught, changes in ((True, REGRESSIONS), (False, NEUTRAL)):
            for name, change in changes.items():
                if sys.argv[1:] and not any(part in name for part in sys.argv[1:]):
                    continue
                found = unmet(change(bench), baseline, gate)
                told = [one.difference.measure if isinstance(one, Fall) else one.measure for one in found]
                right = bool(found) == caught
                faults += not right
                verdict = "caught" if found else "passed"
                print(
                    f"{'' if right else 'WRONG '}{verdict:<8}{name:<34}{', '.join(m.name for m in told[:4])}",
                    flush=True,
                )
        sys.exit(1 if faults else 0)


if __name__ == "__main__":
    main()
