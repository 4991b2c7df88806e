"""The page in a real browser: Debian's Chromium, one for all tests, over one service."""

import json
import os
import re
import shutil
import threading
from collections.abc import Iterator
from dataclasses import replace
from itertools import product

import httpx
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect, sync_playwright

from indexer.build import build
from indexer.manifest import Settings
from indexer.resources import resource
from service.answer import Answer, AnswerSentence, Citation, Drafted, Finished, Quoted
from service.engine import Engine, Wishes, open_engine
from service.web.app import create_app
from tests.service.web.making import served as serving

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
pytestmark = pytest.mark.skipif(
    CHROMIUM is None and not os.environ.get("CI"), reason="Chromium is not installed (apt install chromium)"
)

PRICE = "Combien coûte l’entrée du théâtre ?"
NOWHERE = "Quelle est la recette de la ratatouille niçoise ?"
PROSE = "En prose : "
HOSTILE = "Hostile : "
FILLING = "\n\n".join(f"🎭 {i} 🎟️" for i in range(1, 80))  # no sentence: shown with the document, never searched
THEATRE = (
    f"👩‍👩‍👧 Le théâtre de marionnettes 🏛️ raconte la ville.\n\n{FILLING}\n\n"
    "L’entrée du théâtre de marionnettes coûte quatorze euros 🎟️ pour tous. La salle ouvre à dix-neuf heures.\n\n"
    f"{FILLING}\n"
)
TEXTS = {
    "theatre.txt": THEATRE,
    "jardin.md": "# Le jardin partagé\n\n👩‍🌾 🌻\n\nLe jardin partagé ouvre le samedi matin. Qui a fondé le jardin partagé ? Le jardin partagé a "
    "été fondé par Jeanne Morel en 1998.\n",
    "<img src=x onerror=pwned()>.txt": "Le phare de la pointe mesure <script>pwned()</script> quarante mètres "
    "<img src=x onerror=pwned()> de haut.\n",
}
CATALOGUE = """
["theatre.txt"]
title = "Le théâtre de marionnettes"
author = "Anne Rivière"
publication = "La Gazette"
date = 2021-03-01
url = "https://exemple.invalid/theatre"

["jardin.md"]
date = "2024-05"

["<img src=x onerror=pwned()>.txt"]
title = "<svg onload=pwned()>"
author = "</p><script>pwned()</script>"
url = "javascript:pwned()"
"""


PLAIN = Wishes()


class Scripted(Engine):
    """The real engine; beside it, on demand, prose that waits to be let on, and answers hostile in every field."""

    def __init__(self, *parts):
        super().__init__(*parts)
        self.wishes: list[Wishes] = []
        self.let_on = threading.Event()

    def _quoted(self, question, wishes):
        return next(Engine.answering(self, question, wishes)).answer

    def answering(self, question, wishes=PLAIN, cancelled=lambda: False):
        self.wishes.append(wishes)
        if question.startswith(HOSTILE):
            answer = hostile(question)
            yield Quoted(answer)
            yield from map(Drafted, answer.sentences)
            yield Finished(answer)
        elif question.startswith(PROSE):
            answer = replace(self._quoted(question.removeprefix(PROSE), wishes), question=question)
            yield Quoted(answer)
            sentences = (
                AnswerSentence("L’entrée coûte quatorze euros.", (1,), True, 0.9),
                AnswerSentence("Elle est gratuite.", (1,), False, 0.1),
                AnswerSentence("Le prix est le même pour tous.", (1,), True, 0.8),
            )
            for sentence in sentences:
                while not self.let_on.wait(0.02):
                    if cancelled():
                        return
                yield Drafted(sentence)
            told = tuple(sentence for sentence in sentences if sentence.supported)
            yield Finished(replace(answer, status="answered", sentences=told))
        else:
            yield from super().answering(question, wishes, cancelled)


def hostile(payload: str) -> Answer:
    """An answer whose every text is the payload."""
    cited = Citation(
        1, payload, payload, payload, payload, payload, payload, payload, payload, 3, 0, len(payload), payload, payload,
        payload, 0.5, payload, 0, len(payload),
    )  # fmt: skip
    refused = len(payload) % 2 == 0
    return Answer(
        question=payload, status="refused" if refused else "answered", lang="fr", answer=payload,
        sentences=(AnswerSentence(payload, (1,), True, 0.5),), citations=() if refused else (cited, replace(cited, n=2)),
        nearest=(cited,) if refused else (), missing_terms=(payload,) if refused else (),
        could_answer=(payload,) if refused else (), disagreement=() if refused else (1, 2),
        corrections=((payload, payload),), rewritten_question=payload, confidence=0.5, stale=(payload,), timings={},
        models={payload: payload}, index=payload,
    )  # fmt: skip


class Chopped:
    """Sends the bytes of a stream of events a few at a time: cut inside words, characters and line ends."""

    def __init__(self, app):
        self._app = app

    async def __call__(self, scope, receive, send):
        streamed = False

        async def sent(message):
            nonlocal streamed
            if message["type"] == "http.response.start":
                streamed = any(value.startswith(b"text/event-stream") for _, value in message["headers"])
            if message["type"] != "http.response.body" or not streamed:
                await send(message)
                return
            body = message.get("body", b"")
            for start in range(0, len(body), 89):
                await send({**message, "body": body[start : start + 89], "more_body": True})
            if not message.get("more_body"):
                await send({**message, "body": b""})

        await self._app(scope, receive, sent)


@pytest.fixture(scope="module")
def engine(tmp_path_factory) -> Scripted:
    folder = tmp_path_factory.mktemp("page") / "texts"
    folder.mkdir()
    for name, text in TEXTS.items():
        (folder / name).write_text(text, encoding="utf-8")
    (folder / "catalogue.toml").write_text(CATALOGUE, encoding="utf-8")
    build(folder, folder.parent / "index", Settings(), resource("models") / "embedder", 2)
    opened = open_engine(folder.parent / "index")
    return Scripted(opened.index, opened.embedder, opened.calibrations, opened.reader)


@pytest.fixture(scope="module")
def address(engine) -> Iterator[str]:
    with serving(Chopped(create_app(engine))) as served:
        httpx.get(f"{served}/examples", timeout=60, trust_env=False)  # found before the tests, not amid them
        yield served


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--disable-gpu", *(["--no-sandbox"] if os.geteuid() == 0 else [])]
        )
        yield browser
        browser.close()


WATCH = """
window.violations = [];
window.ran = 0;
window.pwned = window.alert = window.prompt = () => { window.ran += 1; };
document.addEventListener("securitypolicyviolation", (event) => window.violations.push(event.violatedDirective));
"""


class Visit:
    """A browser context of its own, and all that it asked for."""

    def __init__(self, browser: Browser, address: str, **options) -> None:
        self.address = address
        self.context: BrowserContext = browser.new_context(
            **{"locale": "fr-FR", "viewport": {"width": 1300, "height": 800}, "reduced_motion": "reduce", **options}
        )
        self.context.set_default_timeout(10_000)
        self.context.add_init_script(WATCH)
        self.requests: list[str] = []
        self.errors: list[str] = []
        self.context.on("request", lambda request: self.requests.append(request.url))
        self.page = self.context.new_page()
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))

    def open(self) -> Page:
        self.page.goto(self.address)
        return self.page

    def clean(self) -> None:
        """No script but ours ran, no error, nothing was asked of anyone else."""
        assert self.page.evaluate("window.ran") == 0
        assert self.page.evaluate("window.violations") == []
        assert self.errors == []
        assert [url for url in self.requests if not url.startswith(self.address + "/")] == []


@pytest.fixture
def visit(chromium, address, engine):
    made: list[Visit] = []

    def make(**options) -> Visit:
        made.append(Visit(chromium, address, **options))
        return made[-1]

    engine.let_on.clear()
    engine.wishes.clear()
    yield make
    engine.let_on.set()
    for one in made:
        one.clean()
        one.context.close()


@pytest.fixture
def page(visit) -> Page:
    return visit().open()


def ask(page: Page, question: str) -> None:
    """Ask, and wait for the whole answer."""
    turns = page.locator(".turn").count()
    page.locator("#question").fill(question)
    page.locator("#question").press("Enter")
    expect(page.locator(".turn").nth(turns)).to_have_attribute("aria-busy", "false")


def check(page: Page) -> None:
    """What axe finds against WCAG 2.2 AA and its own best practice: nothing."""
    page.wait_for_timeout(300)  # a colour in the middle of a fade is no colour of ours
    options = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
    found = Axe().run(page, options=options).response["violations"]
    assert not found, json.dumps(found, indent=1)[:3000]


def test_quotes_stand_at_once_and_prose_comes_as_it_is_checked(page, engine):
    page.locator("#question").fill(PROSE + PRICE)
    page.locator("#send").click()
    turn = page.locator(".turn")
    expect(turn.locator(".quote blockquote").first).to_contain_text("quatorze euros")
    expect(turn).to_have_attribute("aria-busy", "true")
    expect(turn.locator(".prose")).to_be_hidden()
    expect(page.locator("#send")).to_have_text("Arrêter")
    engine.let_on.set()
    expect(turn).to_have_attribute("aria-busy", "false")
    assert turn.locator(".sentence").all_inner_texts() == [
        "L’entrée coûte quatorze euros.\u00a0[1]", "Le prix est le même pour tous.\u00a0[1]",
    ]  # fmt: skip
    assert turn.locator(".prose").get_attribute("aria-live") == "polite"
    turn.locator(".sentence .mark").first.click()
    expect(page.locator("#span")).to_contain_text("quatorze euros")


def test_an_answer_can_be_stopped_and_asked_again(page, engine):
    page.locator("#question").fill(PROSE + PRICE)
    page.locator("#send").click()
    expect(page.locator(".quote").first).to_be_visible()
    page.locator("#send").click()
    expect(page.locator(".foot")).to_contain_text("Arrêté.")
    expect(page.locator("#send")).to_have_text("Demander")
    engine.let_on.set()
    page.get_by_role("button", name="Réessayer").click()
    expect(page.locator(".sentence")).to_have_count(2)


def test_a_citation_opens_its_document_at_its_very_characters(page, engine):
    ask(page, PRICE)
    answer = engine.ask(PRICE)
    cited = answer.citations[0]
    assert "🎭" in THEATRE[: cited.start]  # the offsets of Python and of JavaScript differ here
    page.locator(".mark").first.click()
    span = page.locator("#span")
    expect(span).to_be_focused()
    assert span.text_content() == cited.quote == THEATRE[cited.start : cited.end]
    assert page.locator(".text-of").text_content() == THEATRE
    before = "(() => { const r = document.createRange(); r.setStart(document.querySelector('.text-of'), 0); r.setEndBefore(span); return r.toString(); })()"
    assert page.evaluate(before) == THEATRE[: cited.start]
    expect(span).to_be_in_viewport(ratio=1)
    expect(page.locator("#source-proof")).to_contain_text("Conforme au document")
    expect(page.locator("#source-link")).to_have_attribute("href", "https://exemple.invalid/theatre")
    answered, pane = page.locator("main").bounding_box(), page.locator("#source").bounding_box()
    assert answered["x"] + answered["width"] <= pane["x"] + 1  # beside the answer, not over it
    page.locator("#source-close").click()
    expect(page.locator(".mark").first).to_be_focused()


def test_the_short_answer_stands_before_its_quote(page, engine):
    question = "Qui a fondé le jardin partagé ?"
    short = engine.ask(question).citations[0]
    assert short.short_answer
    assert "🌻" in TEXTS["jardin.md"][: short.short_start]  # the offsets of Python and of JavaScript differ here
    ask(page, question)
    expect(page.locator(".short").first).to_have_text(short.short_answer)
    expect(page.locator("blockquote b").first).to_have_text(short.short_answer)
    page.locator(".mark").first.click()
    expect(page.locator("#span b")).to_have_text(short.short_answer)


def test_a_refusal_names_what_is_missing_and_what_is_nearest(page, engine):
    ask(page, NOWHERE)
    refused = engine.ask(NOWHERE)
    turn = page.locator(".turn")
    expect(turn.locator(".refused")).to_have_text("Les textes ne répondent pas à cette question.")
    for term in refused.missing_terms:
        expect(turn).to_contain_text(f"«\u00a0{term}\u00a0»")
    expect(turn.locator(".nearest li")).to_have_count(len(refused.nearest))
    turn.get_by_role("button", name=re.compile("Lire le passage")).first.click()
    expect(page.locator("#span")).to_have_text(refused.nearest[0].quote)


def test_a_question_that_the_texts_answer_is_offered_and_can_be_asked(page, engine):
    near = "Combien coûte le jardin partagé ?"
    (offered,) = engine.ask(near).could_answer
    ask(page, near)
    page.locator(".could").get_by_role("button", name=offered).click()
    expect(page.locator(".turn")).to_have_count(2)
    expect(page.locator(".turn").last.locator("blockquote").first).to_contain_text("Jeanne Morel")


def test_a_follow_up_goes_with_what_was_asked_and_shows_how_it_was_understood(page, engine):
    ask(page, "Quand ouvre le jardin partagé ?")
    ask(page, "Qui l’a fondé ?")
    assert engine.wishes[-1].history == ("Quand ouvre le jardin partagé ?",)
    rewritten = engine.ask("Qui l’a fondé ?", engine.wishes[-1]).rewritten_question
    expect(page.locator(".turn").last.locator(".rewritten")).to_have_text(
        f"Compris comme\u00a0: «\u00a0{rewritten}\u00a0»"
    )
    expect(page.locator(".turn").last.locator("blockquote").first).to_contain_text("Jeanne Morel")
    page.get_by_role("button", name="Nouvelle conversation").click()
    ask(page, "Quand ouvre le jardin partagé ?")
    assert engine.wishes[-1].history == ()


def test_sources_that_disagree_corrections_and_changed_files_are_told(page):
    ask(page, HOSTILE + "x")
    notes = page.locator(".turn").inner_text()
    for words in ("Les sources ne s’accordent pas", "Lu «", "Modifié ou supprimé depuis l’indexation", "Compris comme"):
        assert words in notes


def test_everything_is_done_with_the_keyboard_alone(page):
    expect(page.locator("#question")).to_be_focused()  # ready to be typed in
    for _ in range(5):
        page.keyboard.press("Shift+Tab")
    expect(page.locator(".skip")).to_be_focused()
    expect(page.locator(".skip")).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.locator("#question")).to_be_focused()
    page.keyboard.type(PRICE)
    page.keyboard.press("Enter")
    expect(page.locator(".turn")).to_have_attribute("aria-busy", "false")
    expect(page.locator("#question")).to_be_focused()
    first = page.locator(".mark").first.element_handle()
    for _ in range(12):
        page.keyboard.press("Shift+Tab")
        if first.evaluate("(one) => one === document.activeElement"):
            break
    label = page.evaluate("document.activeElement.ariaLabel")
    assert label.startswith("[1] ouvrir la source")
    outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    assert outline == "solid"
    page.keyboard.press("Enter")
    expect(page.locator("#span")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator("#source")).to_be_hidden()
    assert page.evaluate("document.activeElement.ariaLabel") == label
    page.locator("#history-open").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#history-title")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator("#history-open")).to_be_focused()


SMALL_TARGETS = """[...document.querySelectorAll("button, input, summary, a, textarea")].filter((one) => {
  const box = one.getBoundingClientRect();
  return one.checkVisibility() && !one.matches(".skip, label input") && box.width && (box.width < 24 || box.height < 24);
}).map((one) => one.outerHTML)"""


def test_it_fits_a_phone(visit):
    page = visit(viewport={"width": 360, "height": 740}, has_touch=True, is_mobile=True).open()
    ask(page, PRICE)
    ask(page, NOWHERE)
    page.locator("summary").click()
    assert page.evaluate("document.documentElement.scrollWidth") == 360
    assert page.evaluate(SMALL_TARGETS) == []
    check(page)
    page.locator("summary").click()
    page.locator(".mark").first.tap()
    expect(page.locator("#span")).to_be_in_viewport(ratio=1)
    pane = page.locator("#source").bounding_box()
    assert (pane["x"], pane["y"], pane["width"], pane["height"]) == (0, 0, 360, 740)
    assert page.evaluate("document.querySelector('#source').matches(':modal')")  # what is behind it is out of reach
    assert page.evaluate(SMALL_TARGETS) == []
    check(page)
    page.set_viewport_size({"width": 1200, "height": 740})  # turned round: beside the answer again
    expect(page.locator("#span")).to_be_visible()
    assert not page.evaluate("document.querySelector('#source').matches(':modal')")
    page.keyboard.press("Escape")
    expect(page.locator(".mark").first).to_be_focused()


LUMINANCE = "getComputedStyle(document.body).backgroundColor.match(/\\d+/g).slice(0, 3).reduce((a, b) => a + +b, 0)"


def test_dark_follows_the_system_until_one_chooses(visit):
    page = visit(color_scheme="dark").open()
    assert page.evaluate(LUMINANCE) < 150
    ask(page, PRICE)
    ask(page, NOWHERE)
    page.locator(".mark").first.click()
    expect(page.locator("#span")).to_be_visible()
    check(page)
    page.locator("#theme").click()
    assert page.evaluate(LUMINANCE) > 600
    page.reload()
    assert page.evaluate(LUMINANCE) > 600
    expect(page.locator("#theme")).to_have_attribute("aria-label", "Thème\u00a0: clair")


def test_axe_finds_nothing_on_any_view(page, engine):
    expect(page.locator("#examples")).to_be_visible()
    check(page)
    page.locator("summary").click()
    ask(page, PRICE)
    ask(page, NOWHERE)
    engine.let_on.set()
    ask(page, PROSE + PRICE)
    check(page)
    page.locator(".mark").first.click()
    expect(page.locator("#span")).to_be_visible()
    check(page)
    page.locator("#history-open").click()
    expect(page.locator("#history-list li")).to_have_count(1)
    check(page)


@pytest.mark.parametrize(("wanted", "animation"), [("reduce", "none"), ("no-preference", "enter")])
def test_motion_is_left_out_where_it_is_not_wanted(visit, wanted, animation):
    page = visit(reduced_motion=wanted).open()
    ask(page, PRICE)
    assert page.evaluate("getComputedStyle(document.querySelector('.quote')).animationName") == animation


def test_english_is_one_click_away_and_stays(visit):
    visiting = visit()
    page = visiting.open()
    ask(page, NOWHERE)
    page.get_by_role("button", name="English").click()
    expect(page.locator(".refused")).to_have_text("The texts do not answer this question.")
    assert page.locator("html").get_attribute("lang") == "en"
    assert page.locator(".turn h2").get_attribute("lang") == "fr"
    assert page.locator("#language").get_attribute("lang") == "fr"
    page.reload()
    expect(page.locator("#send")).to_have_text("Ask")
    with page.expect_request("**/ask") as asked:
        ask(page, "Who founded the garden?")
    assert asked.value.headers["accept-language"] == "en"
    assert page.locator(".turn h2").get_attribute("lang") == "en"
    assert page.locator("blockquote").first.get_attribute("lang") == "fr"


def test_the_answer_is_copied_with_its_references(visit, engine):
    page = visit(permissions=["clipboard-read", "clipboard-write"]).open()
    ask(page, PRICE)
    page.get_by_role("button", name="Copier avec les références").click()
    expect(page.locator(".foot button")).to_have_text("Copié")
    text = page.evaluate("navigator.clipboard.readText()")
    cited = engine.ask(PRICE).citations[0]
    assert text.startswith(PRICE + "\n")
    assert f"«\u00a0{cited.quote}\u00a0» [1]" in text
    assert (
        f"[1] Anne Rivière, «\u00a0Le théâtre de marionnettes\u00a0», La Gazette, 1er mars 2021 — theatre.txt, ligne {cited.line}, "
        f"caractères {cited.start}–{cited.end} — https://exemple.invalid/theatre\n" in text
    )


def test_chats_are_kept_in_the_browser_only(visit):
    visiting = visit()
    page = visiting.open()
    for question in (PRICE, NOWHERE):
        page.get_by_role("button", name="Nouvelle conversation").click()
        ask(page, question)
    page.reload(wait_until="networkidle")
    before = len(visiting.requests)
    page.locator("#history-open").click()
    expect(page.locator(".entry .text")).to_have_text([NOWHERE, PRICE])
    page.locator(".entry").last.click()
    expect(page.locator(".turn h2")).to_have_text(PRICE)
    expect(page.locator("blockquote").first).to_contain_text("quatorze euros")
    assert len(visiting.requests) == before  # nothing was asked again
    ask(page, "Qui l’a fondé ?")  # the chat goes on
    page.locator("#history-open").click()
    expect(page.locator(".entry")).to_have_count(2)
    page.get_by_role("button", name=f"Effacer\u00a0: {NOWHERE}").click()
    expect(page.locator(".entry")).to_have_count(1)
    page.get_by_role("button", name="Tout effacer").click()
    expect(page.locator(".entry")).to_have_count(1)
    page.get_by_role("button", name="Vraiment tout effacer").click()
    expect(page.locator(".entry")).to_have_count(0)
    assert page.evaluate("Object.keys(localStorage)") == []


def test_it_works_where_the_browser_denies_storage(visit):
    visiting = visit()
    visiting.context.add_init_script(
        "for (const store of ['localStorage', 'sessionStorage']) Object.defineProperty(window, store, {get() { throw new DOMException('no', 'SecurityError'); }});"
    )
    page = visiting.open()
    ask(page, PRICE)
    page.locator("#theme").click()
    page.locator("#history-open").click()
    expect(page.locator(".entry")).to_have_count(1)


def test_storage_that_is_full_gives_up_the_oldest_chats(page):
    kept = page.evaluate(
        """async () => {
          const { chats, keep } = await import("/page/chats.js");
          for (let i = 0; i < 9; i += 1) {
            keep({ id: `${i}`, turns: [{ question: "x".repeat(900_000) }] });
            await new Promise((after) => setTimeout(after, 2));
          }
          return chats().map((chat) => chat.id);
        }"""
    )
    assert kept[0] == "8"
    assert 2 <= len(kept) < 9


LISTED = [
    {
        "id": "theatre.txt",
        "path": "theatre.txt",
        "title": "Le théâtre",
        "author": None,
        "publication": None,
        "date": "2021-03-01",
    },
    {"id": "jardin.md", "path": "jardin.md", "title": None, "author": None, "publication": None, "date": "2024-05"},
]


def test_questions_are_asked_of_the_chosen_sources_and_dates(visit, engine):
    visiting = visit()
    visiting.context.route("**/documents?*", lambda route: route.fulfill(json={"documents": LISTED}))
    page = visiting.open()
    page.locator("summary").click()
    page.get_by_label("Le théâtre, 1er mars 2021").check()
    page.get_by_label("Depuis").fill("2020")
    expect(page.locator("#filters-now")).to_have_text("1 source, depuis 2020")
    check(page)
    ask(page, PRICE)
    assert (engine.wishes[-1].sources, engine.wishes[-1].since) == (("theatre.txt",), "2020")
    expect(page.locator(".limits")).to_have_text("Filtres\u00a0: Le théâtre · depuis 2020")
    page.get_by_label("Depuis").fill("hier")
    page.locator("#question").fill(PRICE)
    page.locator("#send").click()
    expect(page.locator("#since-wrong")).to_contain_text("AAAA")
    expect(page.get_by_label("Depuis")).to_be_focused()
    page.get_by_role("button", name="Tout reprendre").click()
    expect(page.locator("#filters-now")).to_have_text("toutes les sources, toutes les dates")


@pytest.mark.parametrize("told", [{"status": 404, "json": {}}, {"json": {"documents": LISTED, "next": 500}}])
def test_without_a_list_short_enough_sources_are_found_by_words(visit, engine, told):
    visiting = visit()
    visiting.context.route("**/documents?*", lambda route: route.fulfill(**told))
    page = visiting.open()
    page.locator("summary").click()
    page.get_by_label(re.compile("^Source")).fill("gazette")
    expect(page.locator("#filters-now")).to_have_text("«\u00a0gazette\u00a0», toutes les dates")
    ask(page, PRICE)
    assert engine.wishes[-1].sources == ("gazette",)


def test_a_long_list_of_sources_is_searched(visit):
    listed = [{**LISTED[1], "id": f"{i}", "title": f"Étude n° {i}"} for i in range(300)]
    visiting = visit()
    visiting.context.route("**/documents?*", lambda route: route.fulfill(json={"documents": listed, "next": None}))
    page = visiting.open()
    page.locator("summary").click()
    page.get_by_label("Étude n° 7,").check()
    page.get_by_label("Chercher une source").fill("etude n° 29")
    expect(page.locator(".boxes label")).to_have_count(12)  # 29, 290 to 299, and the one chosen
    for i in range(290, 300):
        page.get_by_label(f"Étude n° {i}").check()
    expect(page.locator("#filters-now")).to_contain_text("11 sources")


def test_a_key_is_asked_for_and_stays_in_its_tab(visit):
    visiting = visit()
    given: list[str | None] = []

    def guarded(route: Route) -> None:
        given.append(route.request.headers.get("authorization"))
        if given[-1] == "Bearer sésame":
            route.continue_()
        else:
            route.fulfill(
                status=401, content_type="application/problem+json", body='{"status": 401, "detail": "Clé absente."}'
            )

    visiting.context.route("**/ask", guarded)
    page = visiting.open()
    page.locator("#question").fill(PRICE)
    page.locator("#question").press("Enter")
    expect(page.locator("#key-field")).to_be_focused()
    check(page)
    page.locator("#key-field").fill("faux")
    page.keyboard.press("Enter")
    expect(page.locator("#key-wrong")).to_have_text("Cette clé n’a pas été acceptée.")
    page.locator("#key-cancel").click()
    expect(page.locator(".failure")).to_have_text("Clé absente.")
    page.get_by_role("button", name="Réessayer").click()
    page.locator("#key-field").fill("sesame")
    page.keyboard.press("Enter")
    expect(page.locator("#key-wrong")).to_have_text("Cette clé n’a pas été acceptée.")
    assert given[-1] == "Bearer sesame"
    assert page.evaluate("sessionStorage.getItem('coulisses.key')") == "sesame"
    assert page.evaluate("localStorage.length") == 0
    page.locator("#key-cancel").click()


def test_what_goes_wrong_is_said_and_can_be_tried_again(visit):
    visiting = visit()
    page = visiting.open()
    visiting.context.route(
        "**/ask",
        lambda route: route.fulfill(
            status=503,
            content_type="application/problem+json",
            body='{"status": 503, "detail": "L’index est abîmé.", "errors": ["a", "b"]}',
        ),
    )
    ask(page, PRICE)
    expect(page.get_by_role("alert").filter(visible=True)).to_have_text("L’index est abîmé. a b")
    visiting.context.route("**/ask", lambda route: route.abort())
    page.get_by_role("button", name="Réessayer").click()
    expect(page.locator(".failure")).to_contain_text("Le service ne répond pas")
    cut = 'event: quotes\ndata: {"question"'
    visiting.context.route("**/ask", lambda route: route.fulfill(content_type="text/event-stream", body=cut))
    page.get_by_role("button", name="Réessayer").click()
    expect(page.locator(".failure")).to_have_text("La réponse s’est interrompue.")
    problem = 'event: error\ndata: {"status": 503, "detail": "Le modèle est occupé."}\n\n'
    visiting.context.route("**/ask", lambda route: route.fulfill(content_type="text/event-stream", body=problem))
    page.get_by_role("button", name="Réessayer").click()
    expect(page.locator(".failure")).to_have_text("Le modèle est occupé.")
    visiting.context.unroute("**/ask")
    page.get_by_role("button", name="Réessayer").click()
    expect(page.locator("blockquote").first).to_contain_text("quatorze euros")


def test_a_document_that_changed_is_said_and_the_passage_shown(visit):
    visiting = visit()
    page = visiting.open()
    ask(page, PRICE)
    visiting.context.route(
        "**/documents/**",
        lambda route: route.fulfill(
            status=410,
            content_type="application/problem+json",
            body='{"status": 410, "detail": "Le fichier a changé."}',
        ),
    )
    page.locator(".mark").first.click()
    expect(page.locator("#source-body .failure")).to_have_text("Le fichier a changé.")
    expect(page.locator("#span")).to_contain_text("quatorze euros")
    changed = {"id": "a", "text": "Autre chose. " * 1000, "path": "theatre.txt"}
    visiting.context.route("**/documents/**", lambda route: route.fulfill(json=changed))
    page.keyboard.press("Escape")
    page.locator(".mark").first.click()
    expect(page.locator("#source-proof")).to_contain_text("il a changé")


def test_the_stream_may_be_cut_anywhere(page):
    """Every cut of a stream in two gives the same events; so do pieces of one character."""
    assert page.evaluate(
        r"""async () => {
          const { EventParser } = await import("/page/events.js");
          const stream = "\uFEFF: note\r\nevent: quotes\r\ndata: {\"a\": \"é🎭\"}\r\n\r\nevent:sentence\rdata: 1\rdata:  2\r\rdata\n\nid: 3\ndata: fin\n\nevent: cut";
          const read = (...parts) => { const parser = new EventParser(); return JSON.stringify(parts.flatMap((part) => parser.feed(part))); };
          const whole = read(stream.slice(1));
          const expected = JSON.stringify([{event: "quotes", data: '{"a": "é🎭"}'}, {event: "sentence", data: "1\n 2"}, {event: "message", data: ""}, {event: "message", data: "fin"}]);
          const cuts = [...Array(stream.length).keys()].map((i) => read(stream.slice(1, i), stream.slice(Math.max(i, 1))));
          return whole === expected && cuts.every((one) => one === whole) && read(...stream.slice(1)) === whole;
        }"""
    )


def test_offsets_are_those_of_python(page):
    text = "a🎭é👩‍👩‍👧\u0301\U0010ffff\n𝄞fin"
    for start, end in product(range(len(text) + 1), repeat=2):
        if start <= end:
            cut = page.evaluate(
                "async ([text, places]) => (await import('/page/offsets.js')).cut(text, places)", [text, [start, end]]
            )
            assert cut == [text[:start], text[start:end], text[end:]]


SHAPES = (
    "<script>{}</script>", "<img src=x onerror={}>", "<svg onload={}>", "<svg><script>{}</script></svg>", "<body onload={}>",
    "<iframe srcdoc='<script>parent.{}</script>'></iframe>", "<iframe src='javascript:parent.{}'></iframe>",
    "<a href='javascript:{}'>ici</a>", "<input autofocus onfocus={}>", "<details open ontoggle={}>", "<video><source onerror={}>",
    "<math><mtext><img src=x onerror={}></mtext></math>", "<style>@import 'http://dehors.invalid/a.css';</style><img src=x onerror={}>",
    "<link rel=stylesheet href=http://dehors.invalid/a.css><img src=x onerror={}>", "<img src=http://dehors.invalid/{}.png>",
    "<meta http-equiv=refresh content='0;url=javascript:{}'>", "<base href=http://dehors.invalid/><script src=a.js>{}</script>",
    "<form action='javascript:{}'><button autofocus>ici</button></form>", "<object data='javascript:{}'></object>",
    "{{{{constructor.constructor('{}')()}}}}",
)  # fmt: skip
WRAPS = ("{}", "\"'>{}", "</p></div></blockquote>{}", "</textarea></title></style></script>{}", "data: x\n\nevent: done\ndata: {}",
         "]]>-->{}", "\u202e\u2066{}\u200b", "&lt;b&gt;{}&#x3c;b&#x3e;", "<b>é🎭{}", "\\u003cb\\u003e\\\"{}")  # fmt: skip
PAYLOADS = [wrap.format(shape.format("pwned()")) for wrap, shape in product(WRAPS, SHAPES)]


ASK_EACH = """async (questions) => {
  for (const question of questions) {
    document.getElementById("question").value = question;
    document.getElementById("send").click();
    while (document.querySelector(".turn:last-child").ariaBusy !== "false") await new Promise((after) => setTimeout(after, 4));
  }
}"""


def test_two_hundred_payloads_are_text_wherever_they_come_from(visit):
    assert len(set(PAYLOADS)) == 200
    visiting = visit()
    visiting.context.route(
        "**/documents?*",
        lambda route: route.fulfill(
            json={
                "documents": [
                    {"id": p, "path": p, "title": p, "author": p, "publication": p, "date": p} for p in PAYLOADS
                ]
            }
        ),
    )
    visiting.context.route(
        "**/documents/*", lambda route: route.fulfill(json={"id": "x", "path": "x", "text": "\n".join(PAYLOADS)})
    )
    visiting.context.route("**/examples", lambda route: route.fulfill(json={"index": "x", "questions": PAYLOADS}))
    page = visiting.open()
    expect(page.locator("#example-list button")).to_have_text(PAYLOADS, use_inner_text=False)
    page.locator("summary").click()
    expect(page.locator(".boxes label")).to_have_count(100)
    page.locator("summary").click()
    for start in range(0, 200, 20):
        page.get_by_role("button", name="Nouvelle conversation").click()
        page.evaluate(ASK_EACH, [HOSTILE + payload for payload in PAYLOADS[start : start + 20]])
        told = page.locator(".turn h2").all_text_contents()
        assert told == [HOSTILE + payload for payload in PAYLOADS[start : start + 20]]
        page.locator(".turn").get_by_role("button", name=re.compile("ouvrir la source|Lire le passage")).last.click()
        expect(page.locator("#span")).to_be_visible()
        page.keyboard.press("Escape")
    page.locator("#history-open").click()
    expect(page.locator(".entry")).to_have_count(10)
    foreign = "document.querySelectorAll('main :is(script, img, iframe, object, embed, video, style, link, base, meta, math, a), dialog :is(script, img, iframe, style)').length"
    assert page.evaluate(foreign) == 0
    assert page.evaluate("document.querySelectorAll('script').length") == 2
    page.reload()
    assert page.locator("#source-link").get_attribute("href") is None
    assert {url.removeprefix(visiting.address).partition("?")[0].partition("/documents/")[0] for url in visiting.requests} <= {
        "", "/", "/ask", "/examples", "/documents", *(f"/page/{name}" for name in PAGE_FILES)}  # fmt: skip


PAGE_FILES = [path.name for path in (resource("models").parent / "service" / "web" / "page").iterdir()]


def test_hostile_files_are_quoted_and_opened_as_text(page, engine):
    question = "Quelle est la hauteur du phare de la pointe ?"
    cited = engine.ask(question).citations[0]
    assert "<script>" in cited.quote
    ask(page, question)
    page.locator(".mark").first.click()
    assert page.locator("#span").text_content() == cited.quote
    expect(page.locator("#source-title")).to_have_text("<svg onload=pwned()>")
    expect(page.locator("#source-link")).to_be_hidden()
    expect(page.locator("figcaption").first).to_contain_text("<img src=x onerror=pwned()>.txt, ligne 1")


def test_a_book_opens_as_fast_as_a_page(visit):
    text = ("La marionnette dort dans sa malle 🎭, et personne ne la réveille avant le soir.\n") * 50_000
    start = len(text) // 2
    visiting = visit()
    page = visiting.open()
    ask(page, HOSTILE + "x")
    visiting.context.route(
        "**/documents/*",
        lambda route: route.fulfill(json={"id": "x", "path": "x", "text": text[:start] + HOSTILE + "x" + text[start:]}),
    )
    page.locator(".mark").first.click()
    expect(page.locator("#span")).to_be_visible()
    page.wait_for_timeout(200)
    assert (
        page.locator(".text-of").evaluate("(one) => one.textContent.length")
        == len((text + HOSTILE + "x").encode("utf-16-le")) // 2
    )
