import pytest

from eval.document import write_between
from indexer.errors import MarkersMissing, ResultsUnwritable


def test_what_stands_between_the_markers_is_replaced_and_nothing_else(tmp_path):
    path = tmp_path / "quality.md"
    path.write_text("# A\n<!-- x -->\nold\n<!-- /x -->\nB\n<!-- y -->\n<!-- /y -->\n", encoding="utf-8")
    write_between(path, "x", "new\n")
    write_between(path, "x", "newer")
    assert path.read_text() == "# A\n<!-- x -->\n\nnewer\n\n<!-- /x -->\nB\n<!-- y -->\n<!-- /y -->\n"


@pytest.mark.parametrize("text", ["", "<!-- x -->\n", "<!-- /x -->\n<!-- x -->\n"])
def test_a_document_without_the_markers_is_left_alone(tmp_path, text):
    path = tmp_path / "quality.md"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(MarkersMissing, match="<!-- x -->"):
        write_between(path, "x", "new")
    assert path.read_text() == text


def test_a_document_that_is_not_there_is_told(tmp_path):
    with pytest.raises(ResultsUnwritable):
        write_between(tmp_path / "absent.md", "x", "new")
