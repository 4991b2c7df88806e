"""What ships is found and verified; a changed byte is refused."""

import shutil

import pytest

from indexer.errors import ModelDamaged
from indexer.resources import resource
from service.models.shipped import shipped


def test_what_ships_is_sound():
    found = shipped(resource("models"))
    assert [one.name for one in found] == ["embedder", "reader", "calibration"]
    for one in found:
        one.verify()
        assert one.size > 1000


def test_a_changed_byte_is_refused(tmp_path):
    shutil.copytree(resource("models") / "calibration", tmp_path / "calibration")
    (one,) = shipped(tmp_path)
    with (tmp_path / "calibration" / "calibration.json").open("ab") as file:
        file.write(b" ")
    with pytest.raises(ModelDamaged):
        one.verify()
