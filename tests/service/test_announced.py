"""Quotes that announce what follows."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from service.announced import with_announced
from service.decision import decide
from service.evidence import gather
from service.search import search
from service.understand import understand

LEAD = "Pour ouvrir le jardin partagé, il faut trois choses :"


def evidence_of(engine, question):
    query = understand(question, engine.index, engine.embedder)
    hits = search(query, engine.index, 8)
    return query, hits, gather(query, hits, {}, engine.index, engine.calibrations.floor)


def announced(engine, lead=LEAD):
    """What is quoted where the sentence that ends in ``lead`` is."""
    index = engine.index
    _, _, evidence = evidence_of(engine, "Que faut-il pour ouvrir le jardin partagé ?")
    [one] = [e for e in evidence if index.corpus.text(e.document)[e.start : e.end].startswith(lead)]
    [longer] = with_announced([one], index)
    assert (longer.start, longer.number, longer.score) == (one.start, one.number, one.score)
    return index.corpus.text(longer.document)[longer.start : longer.end]


@pytest.mark.parametrize(
    ("name", "text", "quoted"),
    [
        ("a.md", f"{LEAD}\n\n* une clé ;\n* de l'eau ;\n* des graines.\n\nLe reste vient en mai.\n",
         f"{LEAD}\n\n* une clé ;\n* de l'eau ;\n* des graines."),
        ("a.md", f"Le jardin est ouvert à tous ceux qui l'aiment, même l'hiver. {LEAD} **[1](#note)**\n\n1. Une clé de la mairie. Elle se demande.\n2. De l'eau.\n\nLe reste vient en mai.\n",
         f"{LEAD} **[1](#note)**\n\n1. Une clé de la mairie. Elle se demande.\n2. De l'eau."),
        ("a.md", f"{LEAD}\n1. une clé,\n2. de l'eau.\n\n**La clé de la mairie**\nElle se demande à l'accueil.\n",
         f"{LEAD}\n1. une clé,\n2. de l'eau."),
        ("a.md", f"{LEAD}\n\nUne clé, de l'eau et des graines.\n\nLe reste vient en mai.\n",
         f"{LEAD}\n\nUne clé, de l'eau et des graines."),
        ("a.md", f"{LEAD}\n\n* une clé.\n\n## Le reste\n\n* des graines.\n", f"{LEAD}\n\n* une clé."),
        ("a.md", f"{LEAD}\n\n```\nclé\n```\n\nLe reste vient en mai.\n", LEAD),
        ("a.txt", f"{LEAD}\n- une clé de la mairie ;\n- de l'eau ;\n- des graines.\n\nLe reste vient en mai.\n",
         f"{LEAD}\n- une clé de la mairie ;\n- de l'eau ;\n- des graines."),
        ("a.txt", f"{LEAD}\nune clé de la mairie ;\nde l'eau de pluie ;\ndes graines.\n\nLe reste vient en mai.\n",
         f"{LEAD}\nune clé de la mairie ;\nde l'eau de pluie ;\ndes graines."),
        ("a.md", f"{LEAD}\n\n| outil | usage |\n|---|---|\n| bêche | la terre |\n\nLe reste vient en mai.\n",
         f"{LEAD}\n\n| outil | usage |\n|---|---|\n| bêche | la terre"),
        ("a.md", f"{LEAD}\n\nUne clé de la mairie.\n\n* de l'eau.\n", f"{LEAD}\n\nUne clé de la mairie."),
        ("a.html", f"<h1>Le jardin</h1><p>{LEAD}</p><ul><li>une clé</li><li>de l'eau. De pluie.</li></ul><p>Le reste vient.</p>",
         f"{LEAD}\n\nune clé\n\nde l'eau. De pluie."),
        ("a.txt", f"{LEAD[:-2]}.\n- une clé de la mairie ;\n- de l'eau.\n", f"{LEAD[:-2]}."),
        ("a.txt", f"{LEAD}", LEAD),
    ],
)  # fmt: skip
def test_a_colon_goes_on_over_what_it_announces(engine_of, name, text, quoted):
    first = "Le jardin partagé est au bout de la rue des Lilas."
    engine = engine_of({name: f"<p>{first}</p>{text}" if name == "a.html" else f"{first}\n\n{text}"})
    assert announced(engine, LEAD[:-2]) == quoted


def test_a_long_list_ends_with_a_whole_item(engine_of):
    items = [f"- un outil numéro {number} pour bêcher la terre du jardin, et pour la biner ;" for number in range(30)]
    quote = announced(engine_of({"a.txt": "\n".join(["Le jardin est là.", "", LEAD, *items])}))
    assert len(LEAD) < len(quote) <= 700
    assert quote.endswith("et pour la biner ;")


def test_quotes_never_overlap(engine_of):
    engine = engine_of(
        {"a.md": f"Le jardin est là.\n\n{LEAD}\n\n* une clé du jardin partagé ;\n* de l'eau pour ouvrir.\n"}
    )
    _, _, evidence = evidence_of(engine, "Que faut-il pour ouvrir le jardin partagé ?")
    for order in (evidence, evidence[::-1]):
        quotes = with_announced(list(order), engine.index)
        spans = sorted((one.start, one.end) for one in quotes)
        assert all(end <= start for (_, end), (start, _) in zip(spans, spans[1:], strict=False))
        assert (quotes[0].sentence, quotes[0].score) == (order[0].sentence, order[0].score)


LISTED = f"{LEAD}\n\n* une clé du jardin partagé ;\n* de l'eau pour ouvrir. Elle vient du puits.\n* un âne.\n"


def test_two_items_of_a_list_are_the_list(engine_of):
    engine = engine_of({"a.md": f"Le jardin est au bout de la rue.\n\n{LISTED}\nLe reste vient en mai.\n"})
    index = engine.index
    _, _, evidence = evidence_of(engine, "Que faut-il pour ouvrir le jardin partagé ?")
    wording = {index.corpus.text(e.document)[e.start : e.end]: e for e in evidence}
    key, well, last = (
        wording["une clé du jardin partagé ;"],
        wording["Elle vient du puits."],
        wording["Le reste vient en mai."],
    )
    [both] = with_announced([well, key], index)
    assert index.corpus.text(both.document)[both.start : both.end] == LISTED.strip()
    assert (both.sentence, both.score) == (well.sentence, well.score)
    assert with_announced([key, last], index) == [key, last]
    lead = wording[LEAD]
    [both] = with_announced([key, lead], index)
    assert index.corpus.text(both.document)[both.start : both.end] == LISTED.strip()
    assert both.sentence == key.sentence


def test_items_of_a_list_that_is_too_long_stay_items(engine_of):
    items = [f"- un outil numéro {number} pour bêcher la terre du jardin, et pour la biner ;" for number in range(30)]
    engine = engine_of({"a.txt": "\n".join(["Le jardin est là.", "", LEAD, *items])})
    _, _, evidence = evidence_of(engine, "Quel outil numéro 20 et 25 pour bêcher la terre du jardin ?")
    late = [e for e in evidence if e.start > 1200][:2]
    assert with_announced(late, engine.index) == late


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    pieces=st.lists(
        st.sampled_from(["Il faut", "une clé", " :", ":\n\n", "\n- ", "\n1. ", "de l'eau.", "\n\n## Jardin\n\n", " ; ", "\n\n"]),
        min_size=3, max_size=24,
    )
)  # fmt: skip
def test_every_quote_stands_in_its_file(engine_of, pieces):
    text = "Le jardin est là.\n\n" + "".join(pieces)
    engine = engine_of({"a.md": text})
    query, hits, evidence = evidence_of(engine, "Que faut-il au jardin : une clé, de l'eau ?")
    quotes, _ = decide(query, hits, evidence, engine.index, engine.calibrations.floor)
    for one in [*quotes, *with_announced(list(evidence), engine.index)]:
        assert 0 <= one.start < one.end <= len(text)
        assert engine.index.corpus.text(one.document) == text
