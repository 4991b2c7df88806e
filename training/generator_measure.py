"""What a small generator's prose is worth beside the quotes: the gold set's tune half, French questions that have an answer.

    python -m training.generator_measure --base SmolLM2-135M-Instruct.Q4_1.gguf [--adapter work/adapter.gguf] [--show]

Prints how many questions keep a sentence after the check, why others were dropped, and answer F1 and fact recall of the
prose beside those of the quotes and of the reader's short answers, over the questions that have prose.
"""

import argparse
import statistics
import tempfile
from collections import Counter
from pathlib import Path
from string import Template
from typing import Any

from eval.gold import SEEDS_GOLD, GoldQuestion, load_gold
from eval.wording import holds, token_f1
from indexer.build import build
from indexer.manifest import Settings
from indexer.resources import resource
from service.answer import Answer
from service.engine import Engine, Wishes, open_engine
from service.prose.open import GeneratorChoice, open_generator
from service.prose.prompt import Prompt
from training.generator import SYSTEM


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--base", type=Path, required=True)
    parser.add_argument("--adapter", type=Path)
    parser.add_argument("--show", action="store_true")
    given = parser.parse_args()
    generator = open_generator(GeneratorChoice(model=given.base, adapter=given.adapter))
    with tempfile.TemporaryDirectory() as workspace:
        build(resource("seeds"), Path(workspace, "index"), Settings(), resource("models") / "embedder", 2)
        engine = open_engine(Path(workspace, "index")).writing(generator)
        if given.adapter is not None:  # it was taught by a shorter prompt
            short = Prompt(SYSTEM, Template("$evidence\n\nQuestion : $question"))
            engine._prompts = {"fr": short, "en": short}
        measure(engine, show=given.show)
    generator.close()


def measure(engine: Engine, *, show: bool) -> None:
    asked = [one for one in load_gold(SEEDS_GOLD, "tune") if one.answerable and one.lang == "fr"]
    answers = [(one, engine.ask(one.question, Wishes(history=one.history))) for one in asked]
    drafted = [(one, answer) for one, answer in answers if answer.prose is not None]
    kept = [(one, answer) for one, answer in drafted if answer.status == "answered"]
    proses = [answer.prose for _, answer in drafted if answer.prose is not None]
    reasons: Counter[str] = Counter()
    for prose in proses:
        reasons.update({str(reason): count for reason, count in prose.reasons})
    sentences, dropped = sum(prose.drafted for prose in proses), sum(prose.dropped for prose in proses)
    print(
        f"{len(drafted)} questions drafted, {len(kept)} with prose; {dropped} of {sentences} sentences dropped: {dict(reasons)}"
    )
    print(f"drafting {statistics.median(answer.timings['draft'] for _, answer in drafted):.0f} ms median")
    for name, told in (("prose", prose_of), ("quotes", quotes_of), ("short answers, else quotes", shorts_of)):
        scores = [of_facts(one, told(answer)) for one, answer in kept]
        f1, facts = (statistics.mean(column) for column in zip(*scores, strict=True))
        print(f"  {name:<28} F1 {f1:.3f}  fact recall {facts:.3f}")
    for one, answer in kept if show else []:
        print(f"\n{one.question}\n  {answer.answer}\n  {' | '.join(quotes_of(answer))}")


def prose_of(answer: Answer) -> list[str]:
    return [sentence.text for sentence in answer.sentences]


def quotes_of(answer: Answer) -> list[str]:
    return [citation.quote for citation in answer.citations]


def shorts_of(answer: Answer) -> list[str]:
    return [citation.short_answer or citation.quote for citation in answer.citations]


def of_facts(question: GoldQuestion, told: list[str]) -> tuple[float, float]:
    """Token F1 of the best text and the facts, and the share of the facts that all of them hold."""
    facts: Any = question.facts
    best = max(token_f1(text, " ".join(facts)) for text in (*told, " ".join(told)))
    return best, sum(holds(" ".join(told), fact) for fact in facts) / len(facts)


if __name__ == "__main__":
    main()
