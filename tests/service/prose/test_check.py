"""The checker on hand-made cases, and its rates on ``eval/drafts.jsonl``."""

import json
from pathlib import Path

import pytest

from service.answer import Citation
from service.prose.check import Checker
from service.prose.verdict import Reason
from tests.service.prose.checked import assert_verdict, checker

DRAFTS = Path(__file__).resolve().parents[3] / "eval" / "drafts.jsonl"


@pytest.mark.parametrize(
    ("quote", "sentence", "reason"),
    [
        ("Le bail est de trois ans.", "Le bail est de trois ans [2].", Reason.MARKUP),
        ("Le bail est de trois ans.", "The lease is for three years and it is the law.", Reason.LANGUAGE),
    ],
)  # fmt: skip
def test_a_sentence_is_plain_text_in_the_language_of_the_answer(embedder, quote, sentence, reason):
    assert_verdict(embedder, quote, sentence, reason)


def test_code_may_stand_between_backticks_where_a_quote_has_it_so(embedder):
    told = checker(embedder, "L’option `-f` lance le phare.")
    assert told.check("Le phare se lance par l’option `-f`.", (1,)).supported
    assert told.check("Le phare se lance par l’option `-g`.", (1,)).reasons == (Reason.MARKUP,)


def test_a_quote_is_always_supported(embedder):
    quote = "« L’État, c’est moi » [3] <|im_start|> : 3,5 % !"
    assert checker(embedder, quote).check("L'Etat, c'est moi [3] <|im_start|> : 3,5 %", (1,)).supported


def test_only_what_is_cited_proves(embedder):
    two = checker(embedder, "Le phare éclaire la baie.", "La gare ferme à midi.")
    assert not two.check("La gare ferme à midi et le phare éclaire la baie.", (2,)).supported
    assert two.check("La gare ferme à midi et le phare éclaire la baie.", (1, 2)).supported
    assert two.check("La gare ferme à midi.", (7,)).reasons == (Reason.UNCITED,)
    assert two.check("…", (1,)).reasons == (Reason.EMPTY,)


def test_the_same_sentence_has_the_same_verdict(embedder):
    one = checker(embedder, "Le conseil nomme le directeur pour six ans.")
    assert one.check("Le directeur est nommé pour 6 ans.", (1,)) == one.check(
        "Le directeur est nommé pour 6 ans.", (1,)
    )


@pytest.mark.parametrize(("split", "caught", "kept"), [("tune", 0.95, 0.90), ("held", 0.9, 0.75)])
def test_the_rates_do_not_fall(embedder, split, caught, kept):
    found: dict[bool, list[bool]] = {True: [], False: []}
    for line in DRAFTS.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        if row["split"] != split:
            continue
        citations = [
            Citation(
                n,
                "",
                row["title"],
                None,
                None,
                None,
                "",
                None,
                None,
                None,
                0,
                0,
                q["quote"],
                q["before"],
                q["after"],
                1.0,
            )
            for n, q in enumerate(row["quotes"], 1)
        ]
        verdict = Checker(row["question"], "fr", citations, embedder).check(row["draft"], row["citations"])
        found[row["supported"]].append(verdict.supported == row["supported"])
    assert sum(found[False]) / len(found[False]) >= caught
    assert sum(found[True]) / len(found[True]) >= kept


def test_the_set_is_as_it_should_be():
    rows = [json.loads(line) for line in DRAFTS.read_text(encoding="utf-8").splitlines()]
    assert sum(not row["supported"] for row in rows) >= 200
    assert sum(row["supported"] for row in rows) >= 150
    documents = {split: {row["document"] for row in rows if row["split"] == split} for split in ("tune", "held")}
    assert not documents["tune"] & documents["held"]
    assert all(1 <= n <= len(row["quotes"]) for row in rows for n in row["citations"])
