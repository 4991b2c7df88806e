"""Lines of Markdown as CommonMark wants them: one for one, whatever is written. What they make: test_markdown_text.py."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.markdown_lines import LINE_END, commonmark_lines

PIECES = ["#", " ", "\u00a0", "!!! a", "    ", "\n", "\r\n", "\r", "```", "~~~", ":::", "{% highlight %}", "{% endhighlight %}",
          "{{< a >}}", "> [!note]", '=== "a"', "- ", "Titre", "é", "import a from 'b'"]  # fmt: skip


@given(st.lists(st.sampled_from(PIECES), max_size=40).map("".join))
def test_there_are_as_many_lines(text: str) -> None:
    assert len(LINE_END.split(commonmark_lines(text))) == len(LINE_END.split(text))


@given(st.text(alphabet="abc é.,\n", max_size=200))
def test_plain_lines_stay_as_they_are(text: str) -> None:
    assert commonmark_lines(text) == text


@pytest.mark.parametrize(
    "piece", ["a", "import a from '", "!!! note\n\n", "```\n", "{% highlight %}\n", "{%a", "{{<", "#a a", "<h1>"]
)
def test_frames_without_end_leave_every_line(piece: str) -> None:
    text = f":::{piece * 5_000}:"
    assert commonmark_lines(text).count("\n") == text.count("\n")
