"""Checker → figures on written drafts: how many errors it catches, how many right sentences it keeps.

    python -m training.check_measure --data DATA --clones CLONES [--held | --prompted PART] [--misses]

The 202 drafts of ``training/judged.py`` that nothing was made for, with ``--held`` the 782 of the held contexts, or with
``--prompted`` those written as under the service's prompt.
"""

import argparse
import collections
from pathlib import Path

from indexer.embedder import OnnxEmbedder
from indexer.resources import resource
from service.answer import Citation
from service.prose.check import Checker
from service.prose.verdict import Verdict
from training.judged import PARTS, UNTOUCHED, Judged, judged, prompted


def checked(one: Judged, embedder: OnnxEmbedder) -> Verdict:
    """What the checker says of a draft."""
    citations = [
        Citation(n, "", one.title, None, None, None, "", None, None, None, 0, 0, quote, before, after, 1.0)
        for n, (quote, (before, after)) in enumerate(zip(one.cited, one.around or [("", "")] * len(one.cited), strict=True), 1)
    ]  # fmt: skip
    return Checker(one.question, "fr", citations, embedder).check(
        one.draft, one.numbers or range(1, len(citations) + 1)
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--clones", type=Path, required=True)
    which = parser.add_mutually_exclusive_group()
    which.add_argument("--held", action="store_true")
    which.add_argument("--prompted", choices=PARTS)
    parser.add_argument("--misses", action="store_true", help="show what was wrongly shown or dropped")
    arguments = parser.parse_args()
    embedder = OnnxEmbedder(resource("models") / "embedder", threads=2)
    file = "drafts.jsonl" if arguments.held else UNTOUCHED
    kinds: dict[tuple[bool, str], list[bool]] = collections.defaultdict(list)
    drafts = judged(arguments.data, arguments.clones, held=arguments.held, file=file)
    if arguments.prompted:
        drafts = prompted(arguments.data, arguments.clones, arguments.prompted)
    for one in drafts:
        verdict = checked(one, embedder)
        kinds[one.supported, one.kind].append(verdict.supported == one.supported)
        if arguments.misses and verdict.supported != one.supported:
            print("SHOWN  " if verdict.supported else "DROPPED", one.kind, one.draft, "|", " ".join(verdict.words))
            print("        ", " ".join(one.cited)[:300])
    for supported, what in ((False, "errors caught"), (True, "right sentences kept")):
        rows = {kind: found for (label, kind), found in sorted(kinds.items()) if label == supported}
        total, good = sum(map(len, rows.values())), sum(sum(found) for found in rows.values())
        print(f"{what} {good}/{total} = {good / total:.1%}")
        print("   ", "  ".join(f"{kind} {sum(found)}/{len(found)}" for kind, found in rows.items()))


if __name__ == "__main__":
    main()
