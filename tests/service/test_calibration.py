import math
import shutil

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.errors import ModelDamaged, ModelNotFound
from indexer.resources import resource
from service.calibration import Logistic, load_calibrations
from service.decision import FEATURES_OF_DECISION, FEATURES_OF_SHORT
from service.evidence import FEATURES

SHIPPED = resource("models") / "calibration"


def test_the_shipped_weights_are_for_the_features_that_the_service_measures():
    calibrations = load_calibrations(SHIPPED)
    for calibration in (calibrations.read, calibrations.floor):
        assert calibration.sentences.features == FEATURES
        assert calibration.answerable.features == FEATURES_OF_DECISION
        assert calibration.short.features == FEATURES_OF_SHORT
        assert 0 < calibration.threshold < 1
        assert 0 < calibration.short_threshold <= 1


@given(st.lists(st.floats(-1e6, 1e6), min_size=3, max_size=3))
def test_a_probability_is_one(values):
    assert 0 <= Logistic(("a", "b", "c"), (1.0, -2.0, 0.5), 0.1).probability(values) <= 1


def test_the_logistic_function():
    assert Logistic(("a",), (2.0,), -1.0).probability([1.5]) == pytest.approx(1 / (1 + math.exp(-2)))


def test_a_changed_weight_is_seen(tmp_path):
    folder = tmp_path / "calibration"
    shutil.copytree(SHIPPED, folder)
    file = folder / "calibration.json"
    file.write_text(file.read_text(encoding="utf-8").replace("1", "2", 1), encoding="utf-8")
    with pytest.raises(ModelDamaged, match=r"calibration\.json"):
        load_calibrations(folder)


def test_a_missing_folder_is_named(tmp_path):
    with pytest.raises(ModelNotFound, match="nowhere"):
        load_calibrations(tmp_path / "nowhere")
