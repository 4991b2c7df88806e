import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.errors import GeneratorBusy, GeneratorFailed
from indexer.resources import resource
from service.answer import Citation, Drafted
from service.prose.draft import ANSWER_TOKENS, PROMPT_TOKENS, Written, fit, sentences_of, write
from service.prose.prompt import load_prompts
from tests.service.prose.scripted import Scripted

PROMPT = load_prompts(resource("prompts"))["fr"]
QUOTES = (
    "Le phare de Kerloc’h fut construit en 1839 par l’ingénieur Anselme Tréguier.",
    "Haut de quarante-deux mètres, il porte à vingt milles.",
)


def citations(*quotes: str, scores: tuple[float, ...] = ()) -> tuple[Citation, ...]:
    return tuple(
        Citation(n, "", "Le phare", None, None, None, "", None, None, None, 0, 0, quote, "", "", score)
        for n, (quote, score) in enumerate(zip(quotes, scores or (0.9, 0.5, 0.7)[: len(quotes)], strict=True), 1)
    )


def run(writer: Scripted, embedder, *, cancelled=lambda: False) -> tuple[list[str], Written]:
    shown = []
    drafting = write("Qui a construit le phare ?", "fr", citations(*QUOTES), writer, PROMPT, embedder, 5.0, cancelled)
    while True:
        try:
            event = next(drafting)
        except StopIteration as end:
            return shown, end.value
        assert isinstance(event, Drafted)
        shown.append(event.sentence.text)


def test_what_holds_is_handed_on_and_what_does_not_is_counted(embedder):
    writer = Scripted(
        "Le phare fut construit par Anselme Tréguier. [1] Il mesure 24 mètres. [2] Il porte à 20 milles. [2]"
    )
    shown, written = run(writer, embedder)
    assert shown == ["Le phare fut construit par Anselme Tréguier.", "Il porte à 20 milles."]
    assert [one.citations for one in written.sentences] == [(1,), (2,)]
    assert (written.prose.drafted, written.prose.dropped) == (3, 1)
    assert "number" in dict(written.prose.reasons)
    assert written.prose.evidence == (1, 2)
    assert written.prose.fault is None
    assert written.first is not None


def test_a_sentence_is_handed_on_before_the_next_is_written(embedder):
    writer = Scripted("Le phare fut construit par Anselme Tréguier. [1] Il porte à vingt milles. [2]", piece=1)
    drafting = write("Qui ?", "fr", citations(*QUOTES), writer, PROMPT, embedder, 5.0, lambda: False)
    next(drafting)
    assert writer.written == "Le phare fut construit par Anselme Tréguier. [1] I"
    drafting.close()


def test_the_model_is_asked_with_grammar_and_budget(embedder):
    writer = Scripted("")
    _, written = run(writer, embedder)
    ((messages, grammar, budget),) = writer.asked
    assert "[2] Haut de quarante-deux mètres" in messages[1].content
    assert grammar is not None
    assert '"[1][2]"' in grammar
    assert (budget.tokens, budget.seconds) == (ANSWER_TOKENS, 5.0)
    assert written.sentences == ()


def test_a_repeated_sentence_is_said_once(embedder):
    shown, written = run(Scripted("Il porte à vingt milles. [2] Il porte à vingt milles. [2]"), embedder)
    assert shown == ["Il porte à vingt milles."]
    assert dict(written.prose.reasons) == {"repeated": 1}


def test_a_rest_without_numbers_is_not_shown(embedder):
    shown, written = run(Scripted("Il porte à vingt milles. [2] Le phare fut construit par"), embedder)
    assert shown == ["Il porte à vingt milles."]
    assert dict(written.prose.reasons) == {"uncited": 1}


@pytest.mark.parametrize("fault", [GeneratorFailed(model="m", why="w"), GeneratorBusy(model="m")])
def test_a_fault_leaves_what_was_shown_and_is_told(embedder, fault):
    shown, written = run(Scripted("Il porte à vingt milles. [2] Le| phare", fault=fault), embedder)
    assert shown == ["Il porte à vingt milles."]
    assert written.prose.fault is not None
    assert written.prose.fault.kind == type(fault).__name__
    assert written.prose.fault.fr == fault.sentence("fr")


def test_cancelled_it_ends(embedder):
    writer = Scripted("Il porte à vingt milles. [2] Le phare fut construit par Anselme Tréguier. [1]")
    shown, _ = run(writer, embedder, cancelled=lambda: len(writer.written) > 20)
    assert shown == []
    assert len(writer.written) < 30


def test_the_weakest_evidence_is_left_out_of_a_prompt_too_long():
    long = tuple(f"{word} " * 500 for word in ("un", "deux", "trois"))
    given_ = citations(*long, scores=(0.9, 0.2, 0.7))
    messages, kept = fit("Quoi ?", given_, Scripted(""), PROMPT)
    assert [one.n for one in kept] == [1, 3]
    assert Scripted("").count_tokens(messages) <= PROMPT_TOKENS
    assert fit("Quoi ?", given_, Scripted("", context=ANSWER_TOKENS + 800), PROMPT)[1] == given_[:1]
    assert fit("Quoi ?", given_, Scripted("", context=300), PROMPT) == ((), ())


@given(st.lists(st.tuples(st.sampled_from(["Le chat dort.", "Il mange 3,5 kg", "M. Roy part !"]), st.sets(st.integers(1, 4), min_size=1)), max_size=4),
       st.integers(1, 9))  # fmt: skip
def test_however_it_comes_the_sentences_are_the_same(sentences, piece):
    text = " ".join(f"{told} {''.join(f'[{n}]' for n in sorted(cited))}" for told, cited in sentences)
    pieces = [text[start : start + piece] for start in range(0, len(text), piece)]
    wanted = [(told if told[-1] in ".!" else told + ".", tuple(sorted(cited))) for told, cited in sentences]
    assert list(sentences_of(pieces)) == wanted


def test_what_joins_sentences_is_no_part_of_them():
    assert list(sentences_of(["- Le chat dort. [1]\n- Le chien veille. [2]"])) == [
        ("Le chat dort.", (1,)), ("Le chien veille.", (2,)),
    ]  # fmt: skip
    assert list(sentences_of(["Le chat dort [1], et le chien veille [2]."])) == [
        ("Le chat dort.", (1,)), ("et le chien veille.", (2,)),
    ]  # fmt: skip


def test_who_is_gone_before_the_model_is_free_has_no_prompt():
    class Waiting(Scripted):
        def count_tokens(self, messages, cancelled=lambda: False):
            return None if cancelled() else super().count_tokens(messages)

    assert fit("Quoi ?", citations("Le phare porte à vingt milles."), Waiting(""), PROMPT, lambda: True) == ((), ())


def test_markers_as_models_without_a_grammar_write_them():
    assert list(sentences_of(["Le chat dort [1, 2]. Le chien veille [3]."])) == [
        ("Le chat dort.", (1, 2)), ("Le chien veille.", (3,)),
    ]  # fmt: skip
    assert list(sentences_of(["Le chat dort. Le chien veille. [1]"])) == [
        ("Le chat dort.", (1,)), ("Le chien veille.", (1,)),
    ]  # fmt: skip
