import dataclasses
import json
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

import eval.page
from eval.costs import Stage, Step
from eval.judge import judge
from eval.page import Filed, FiledCosts, fault, highlighted, page, read_filed, worst, write_page
from eval.results import Found, file_results
from indexer.errors import ResultsUnreadable, ResultsUnwritable
from tests.eval.making import asked, citation, outcome

RIGHT, WRONG = citation(quote="La bonne phrase."), citation(start=50, end=70, quote="La mauvaise phrase.")
HOSTILE = "</mark></title><script>alert(1)</script><img src=//x.example onerror=alert(1)>"
COSTS = FiledCosts("2026-11-22T04:40:50+00:00", "gen-000001", Step(1671.0, 189.0), Step(398.0, 195.0),
                   (Stage("search", None, 27.3, 51.3), Stage("total", 397.9, 330.4, 495.6)), 198.0)  # fmt: skip


def made(*quotes, questions=4):
    """A run of each kind of fault on either split: right (or ``quotes``), wrong, refused, and two that nothing answers."""
    several = []
    for split in ("tune", "untouched"):
        for n in range(questions):
            several.append(asked(name=f"{split}-{n}", citations=quotes or (RIGHT,), split=split, hits=(1,), relevant=[(1,)],
                                 fact=("phrase",), confidence=0.8))  # fmt: skip
        several += [
            asked(name=f"{split}-wrong", citations=(WRONG,), split=split, kind="how", confidence=0.9),
            asked(name=f"{split}-refused", split=split, kind="how", would_show=(WRONG,), confidence=0.1),
            asked(
                name=f"{split}-false",
                citations=(WRONG,),
                split=split,
                kind="near_miss",
                answerable=False,
                confidence=0.7,
            ),
            asked(name=f"{split}-due", split=split, kind="near_miss", answerable=False, confidence=0.2),
        ]
    return outcome(*several)


def filed(*quotes, name="après", costs=COSTS, change=None):
    results = judge(made(*quotes), "g.jsonl")
    if change:
        results = dataclasses.replace(results, questions=tuple(change(judged) for judged in results.questions))
    return Filed(name, results, costs)


class Reader(HTMLParser):
    """What a page is made of: elements with their attributes, and the text of each kind of element."""

    def __init__(self, told):
        super().__init__()
        self.elements, self.open, self.texts = [], [], []
        self.feed(told)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs), tuple(self.open)))
        if tag not in ("meta", "link", "br"):
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.texts.append((self.open[-1] if self.open else "", data))

    def all(self, tag):
        return [attributes for name, attributes, _ in self.elements if name == tag]

    def text(self, tag=None):
        return " ".join(data for where, data in self.texts if tag in (None, where))


@pytest.fixture(scope="module")
def compared():
    return page(filed(), filed(WRONG, name="avant"), reveal=True)


def test_the_page_is_whole_and_asks_nothing_of_anybody(compared):
    read = Reader(compared)
    assert read.open == []
    assert not re.search(
        r"(?i)\b(src|srcset|action|formaction|poster|background)=|url\(|@import|https?:|\son\w+=", compared
    )
    assert not read.all("script")
    assert not read.all("iframe")
    assert [link["href"] for link in read.all("link")] == ["data:,"]
    assert {link["href"][0] for link in read.all("a")} == {"#"}
    policy = next(meta["content"] for meta in read.all("meta") if meta.get("http-equiv"))
    assert policy.startswith("default-src 'none'")


def test_ids_are_unique_and_whatever_points_to_one_finds_it(compared):
    read = Reader(compared)
    ids = [attributes["id"] for _, attributes, _ in read.elements if "id" in attributes]
    assert len(ids) == len(set(ids))
    pointed = {link["href"][1:] for link in read.all("a")}
    for _, attributes, _ in read.elements:
        pointed |= set(attributes.get("aria-labelledby", "").split())
    assert pointed <= set(ids)


def test_tables_have_captions_and_scopes_and_every_plot_its_table(compared):
    read = Reader(compared)
    assert len(read.all("table")) == len(read.all("caption"))
    assert all(head.get("scope") in ("col", "row") for head in read.all("th"))
    regions = [one for one in read.all("div") if one.get("class") == "scroll"]
    assert len(regions) == len(read.all("table"))
    assert all(one["tabindex"] == "0" and one["role"] == "region" and one["aria-label"] for one in regions)
    images = [svg for svg in read.all("svg") if svg.get("role") == "img"]
    assert len(images) >= 10
    levels = [int(tag[1]) for tag, _, _ in read.elements if re.fullmatch("h[1-6]", tag)]
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in zip(levels, levels[1:], strict=False))


@pytest.mark.parametrize(
    ("lang", "words"), [("fr", ("En bref", "0,667", "refus à tort")), ("en", ("In short", "0.667", "false refusals"))]
)
def test_the_page_speaks_its_language(lang, words):
    told = page(filed(), filed(WRONG, name="avant"), lang)
    assert f'<html lang="{lang}">' in told
    for word in words:
        assert word in Reader(told).text()


def test_the_same_runs_give_the_same_bytes(compared):
    assert page(filed(), filed(WRONG, name="avant"), reveal=True) == compared


def test_whatever_questions_and_texts_say_is_text():
    def hostile(judged):
        quotes = tuple(dataclasses.replace(quote, text=HOSTILE, path=HOSTILE) for quote in judged.quotes)
        found = (Found(HOSTILE, 0, len(HOSTILE), HOSTILE, True),)
        scored = dataclasses.replace(judged.scored, kind=HOSTILE)
        spans = tuple(dataclasses.replace(span, file=HOSTILE, quote=HOSTILE) for span in judged.spans)
        return dataclasses.replace(
            judged, question=HOSTILE, history=(HOSTILE,), answer=HOSTILE, facts=(HOSTILE,), lang='"><script>', quotes=quotes,
            nearest=quotes, found=found, scored=scored, spans=spans,
        )  # fmt: skip

    told = page(filed(WRONG, name=HOSTILE, change=hostile), filed(name=HOSTILE), reveal=True)
    read = Reader(told)
    assert not read.all("script")
    assert not read.all("img")
    assert read.open == []
    assert "<script>alert(1)</script>" in "".join(data for _, data in read.texts)


@pytest.mark.parametrize(("reveal", "seen"), [(False, False), (True, True)])
def test_what_the_untouched_split_missed_is_counted_and_shown_only_on_demand(reveal, seen):
    told = page(filed(WRONG), filed(name="avant"), reveal=reveal)
    assert "tune-wrong ?" in told
    assert ("untouched-wrong ?" in told) == seen
    assert ("untouched-0 ?" in told) == seen
    assert ("7 questions de la partie tenue à l’écart" in told) != seen


def test_faults_and_their_order():
    questions = filed(change=lambda judged: judged).results.questions
    tune = [judged for judged in questions if judged.scored.split == "tune"]
    assert [fault(judged) for judged in tune] == [None] * 4 + ["wrong_quote", "false_refusal", "false_answer", None]
    assert [judged.scored.id for judged in worst(tune)] == ["tune-false", "tune-wrong", "tune-refused"]


def test_an_answer_in_part_is_a_fault():
    (judged,) = judge(
        outcome(asked(spans=((0, 10), (90, 99)), citations=(RIGHT,), relevant=[(1,), (2,)], kind="several")), "g"
    ).questions
    assert fault(judged) == "partial"


def test_of_two_wrong_answers_the_surer_is_the_worse():
    several = [asked(name=f"q{n}", citations=(WRONG,), confidence=n / 10) for n in range(3)]
    assert [j.scored.id for j in worst(judge(outcome(*several), "g").questions)] == ["q2", "q1", "q0"]


def test_parts_of_a_text_are_highlighted_where_they_lie():
    marks = [(12, 15, "gold", "attendu"), (14, 99, "shown", "montré"), (0, 10, "gold", "attendu")]
    told = highlighted("abcde<gh", 10, marks)
    assert re.sub(r"<span.*?</span>", "", told) == (
        'ab<mark class="gold">cd</mark><mark class="gold shown">e</mark><mark class="shown">&lt;gh</mark>'
    )
    assert "[attendu, montré]" in told
    assert highlighted("abc", 0, []) == "abc"


def test_a_worst_question_shows_quotes_and_expected_spans():
    told = Reader(page(filed(WRONG))).text()
    for word in ("La mauvaise phrase.", "✗ non attendu", "xxxxxxxxxx", "a.txt, caractères 0 à 10", "Rien dans les textes n’y répond."):  # fmt: skip
        assert word in told


def test_a_comparison_tells_differences_flips_and_changes(compared):
    told = Reader(compared).text()
    assert "Réponses changées (8)" in told
    assert "▲ mieux" in told
    assert "en mieux · tune-0" in told
    assert "inchangé" in told


def test_two_equal_runs_say_that_nothing_changed():
    assert "Aucune réponse n’a changé." in page(filed(), filed(name="avant"))


def test_a_run_of_one_split_and_one_text_without_costs_has_its_page():
    one = Filed("x", judge(outcome(asked(citations=(RIGHT,), cluster="t")), "g"), None)
    told = page(one, one)
    assert "n’ont pas été classées" in told
    assert "Aucune question manquée." in told
    assert 'class="bar s1"' not in told


def test_a_run_that_only_refuses_has_its_page():
    told = page(Filed("x", judge(outcome(asked(), asked(answerable=False)), "g"), None))
    assert "Refus à tort (1)" in told


def test_a_filed_run_is_read_and_its_page_written(tmp_path):
    run = made()
    path = file_results(tmp_path, "abc", judge(run, "g"), run)
    assert read_filed(path).costs.first == Step(12.0, 100.0)
    write_page(tmp_path / "abc.html", path, lang="en")
    assert "<h1>Evaluation “abc”</h1>" in (tmp_path / "abc.html").read_text("utf-8")


def test_damage_is_told(tmp_path):
    run = made()
    path = file_results(tmp_path, "abc", judge(run, "g"), run)
    with pytest.raises(ResultsUnwritable):
        write_page(tmp_path / "no" / "abc.html", path)
    costs = tmp_path / "abc.costs.json"
    costs.write_text(json.dumps({**json.loads(costs.read_text()), "stages": [{"name": 1}]}))
    with pytest.raises(ResultsUnreadable):
        read_filed(path)


# What lies on what, in either scheme: letters need 4.5, lines and areas 3 (WCAG 2.2, 1.4.3 and 1.4.11)
LETTERS = [(ink, paper) for ink in ("ink", "soft", "link", "better", "worse") for paper in ("paper", "sheet")] + [
    ("s0-ink", "paper"), ("s1-ink", "paper"), ("mark-ink", "gold"), ("mark-ink", "shown"), ("mark-ink", "both"),
]  # fmt: skip
AREAS = [
    ("whisker", "s0"), ("whisker", "s1"), ("whisker", "track"), ("s0-ink", "track"), ("s1-ink", "track"), ("p0", "paper"),
    ("p2", "paper"), ("p3", "paper"),
]  # fmt: skip


def schemes():
    light, dark = re.findall(
        r":root \{(.*?)\n\s*\}", Path(eval.page.__file__).with_suffix(".css").read_text("utf-8"), re.S
    )
    return {
        name: dict(re.findall(r"--([\w-]+): #(\w{6})", block)) for name, block in (("light", light), ("dark", dark))
    }


def luminance(colour):
    shares = [int(colour[place : place + 2], 16) / 255 for place in (0, 2, 4)]
    red, green, blue = (share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4 for share in shares)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(
    ("one", "other", "least"), [(*pair, 4.5) for pair in LETTERS] + [(*pair, 3.0) for pair in AREAS]
)
def test_colours_are_told_apart(scheme, one, other, least):
    colours = schemes()[scheme]
    low, high = sorted((luminance(colours[one]), luminance(colours[other])))
    assert (high + 0.05) / (low + 0.05) >= least
