import dataclasses
import re

import pytest

from eval.ablate import SHOWN, Variant, ablate, as_markdown, variants
from eval.gold import GoldQuestion, GoldSpan
from indexer.analysis import AnalyserRules
from indexer.embedder import EmbedderChoice
from indexer.manifest import Settings
from indexer.passages import PassageSizes
from service.engine import Wishes
from tests.conftest import SMALL


def asking(name, question, file, quote):
    start = SMALL[file].index(quote)
    return GoldQuestion(
        name, question, "fact", "fr", "tune", True, (GoldSpan(file, start, start + len(quote), quote),), ()
    )


QUESTIONS = [
    asking("q1", "Que font les castors ?", "castor.md", "Le castor abat les peupliers le long de la Loire."),
    asking("q2", "Quand ferme le local ?", "vélo.txt", "Le local à vélos ferme à vingt heures."),
]


def test_the_default_comes_first_and_each_variant_changes_one_thing():
    first, *others = variants([EmbedderChoice("other/model")])
    assert first.settings == Settings()
    assert first.wishes == Wishes()
    default = Settings()
    for variant in others:
        changed = [
            field.name
            for field in dataclasses.fields(Settings)
            if getattr(variant.settings, field.name) != getattr(default, field.name)
        ]
        assert len(changed) + (variant.wishes != Wishes()) == 1, variant
    assert {variant.group for variant in others} == {"search", "analyser", "passages", "embedder"}
    rules = [variant.settings.rules for variant in others if variant.group == "analyser"]
    assert len(set(rules)) == len(dataclasses.fields(AnalyserRules))


@pytest.fixture(scope="module")
def ablations(small_source, bundled_model, tmp_path_factory):
    chosen = [
        Variant("search", "fused"),
        Variant("search", "lexical only", wishes=Wishes(dense_weight=0.0)),
        Variant("analyser", "no stemming", dataclasses.replace(Settings(), rules=AnalyserRules(stemming=False))),
        Variant("passages", "8 words", dataclasses.replace(Settings(), sizes=PassageSizes(8, 2))),
    ]
    told = []
    found = list(
        ablate(QUESTIONS, small_source, bundled_model, tmp_path_factory.mktemp("indexes"), chosen, 2, told.append)
    )
    assert told == chosen
    return found


def test_each_variant_is_measured_beside_the_first(ablations):
    assert all(difference.value == 0 for difference in ablations[0].differences)
    by_name = {ablation.variant.name: {d.measure.name: d for d in ablation.differences} for ablation in ablations}
    assert by_name["fused"]["R@10"].after == 1.0
    assert all(found["R@10"].before == 1.0 for found in by_name.values())


def test_the_table_has_a_row_a_variant_and_a_column_a_measure(ablations):
    lines = as_markdown(ablations).splitlines()
    assert len(lines) == 2 + len(ablations)
    assert all(line.count("|") == len(SHOWN) + 3 for line in lines)
    assert re.match(r"\| search \| fused \| 1\.000 \|", lines[2])
    assert lines[3].startswith("|  | lexical only |")
