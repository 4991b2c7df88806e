import pytest

from eval.markup import Html, el, join, text


@pytest.mark.parametrize(
    ("told", "written"),
    [
        ("<script>alert(1)</script>", "&lt;script&gt;alert(1)&lt;/script&gt;"),
        ("\"'&", "&quot;&#x27;&amp;"),
        ("a\x00b\x1b[31mc\u202ed\u2066e\ud800f", "ab[31mcdef"),
        ("deux\nlignes\té", "deux\nlignes\té"),
    ],
)
def test_a_text_is_shown_and_steers_nothing(told, written):
    assert text(told) == written
    text(told).encode()


def test_an_element_holds_texts_and_markup():
    assert el("p", "a < b ", el("b", "c")) == "<p>a &lt; b <b>c</b></p>"
    assert isinstance(el("p"), Html)


def test_attributes_are_escaped_and_left_out_where_empty():
    assert el("a", "x", href='"><i>', class_="", aria_label="y") == '<a href="&quot;&gt;&lt;i&gt;" aria-label="y">x</a>'
    assert el("meta", name="n", http_equiv="e") == '<meta name="n" http-equiv="e">'


def test_joining_escapes_what_is_no_markup():
    assert join(("<", el("br"), ">"), " & ") == "&lt; &amp; <br> &amp; &gt;"
