"""Terms that a sentence may use though its quotes do not have them."""

from service.prose.verdict import Reason
from tests.service.prose.checked import checker


def test_the_topic_may_come_from_the_question_where_the_passage_holds_it_never_a_number(embedder):
    told = {"question": "Où est Kerloc’h en 1912 ?", "title": "Kerloc’h en 1912"}
    assert (
        checker(embedder, "Il se dresse sur un îlot.", **told).check("Kerloc’h se dresse sur un îlot.", (1,)).supported
    )
    numbered = checker(embedder, "Il se dresse sur un îlot.", **told).check(
        "Kerloc’h se dresse sur un îlot en 1912.", (1,)
    )
    assert Reason.NUMBER in numbered.reasons
    elsewhere = checker(embedder, "Il se dresse sur un îlot.", question=told["question"])
    assert Reason.INVENTED in elsewhere.check("Kerloc’h se dresse sur un îlot.", (1,)).reasons


def test_the_title_names_what_a_pronoun_stands_for(embedder):
    told = checker(embedder, "Fondée en 1734, elle est la plus ancienne du pays.", title="Université de Kerloc’h")
    assert told.check("L’université de Kerloc’h, fondée en 1734, est la plus ancienne du pays.", (1,)).supported
