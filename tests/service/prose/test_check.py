"""The checker on hand-made cases, its rules one by one, and its rates on ``eval/drafts.jsonl``."""

import json
from pathlib import Path

import pytest

from service.answer import Citation
from service.prose.check import Checker, Reason

DRAFTS = Path(__file__).resolve().parents[3] / "eval" / "drafts.jsonl"


def checker(
    embedder,
    *quotes: str,
    question: str = "Que dit le texte ?",
    lang: str = "fr",
    before: str = "",
    title: str | None = None,
):
    citations = [
        Citation(n, "", title, None, None, None, "", None, None, None, 0, 0, quote, before, "", 1.0)
        for n, quote in enumerate(quotes, 1)
    ]
    return Checker(question, lang, citations, embedder)


@pytest.mark.parametrize(
    ("quote", "sentence", "reason"),
    [
        ("Le délai est de trente jours.", "Le délai est de 30 jours.", None),
        ("Le délai est de trente jours.", "Le délai est de vingt jours.", Reason.NUMBER),
        ("Le délai est de trente jours.", "Le délai est de trente mois.", Reason.UNIT),
        ("Plus de 90 % des clients paient.", "Moins de 90 % des clients paient.", Reason.BOUND),
        ("Anselme Tréguier construisit le phare.", "Anselme Le Goff construisit le phare.", Reason.NAME),
        ("Le phare éclaire la baie.", "Le phare éclaire la baie et le cimetière.", Reason.INVENTED),
        ("Le bail est renouvelable.", "Le bail n’est pas renouvelable.", Reason.NEGATION),
        ("Le bail n’est pas renouvelable.", "Le bail est renouvelable.", Reason.NEGATION),
        ("Le prix augmente chaque mois.", "Le prix diminue chaque mois.", Reason.OPPOSITE),
        ("Certains clients paient.", "Tous les clients paient.", Reason.QUANTIFIER),
        ("Certains clients paient.", "Les clients paient.", Reason.QUANTIFIER),
        ("Le client peut payer.", "Le client doit payer.", Reason.MODALITY),
        ("La hausse semble durable.", "La hausse est durable.", Reason.MODALITY),
        ("Il est interdit d’entrer, sauf si le gardien l’autorise.", "Il est interdit d’entrer, même si le gardien l’autorise.", Reason.CONDITION),
        ("Le conseil nomme le directeur.", "Le directeur nomme le conseil.", Reason.ROLE),
        ("Le directeur est nommé par le conseil.", "Le conseil nomme le directeur.", None),
        ("Le vent a retardé la course parce que la digue était rompue.", "La digue était rompue parce que le vent a retardé la course.", Reason.CAUSE),
        ("Le village compte 157 habitants en 2020, après un pic de population de 374 âmes en 1954.", "Le village a connu un pic de population de 157 âmes.", Reason.ROLE),
        ("La halle est à Quimper et le phare qui éclaire la baie est à Brest.", "Le phare qui éclaire la baie est à Quimper.", Reason.ROLE),
        ("Le préavis est de trois mois.", "Le préavis est d’un mois.", Reason.NUMBER),
        ("Le préavis est de 1 mois.", "Le préavis est d’un mois.", None),
        ("Un jour, le conseil nomma trois directeurs.", "Le conseil nomma trois directeurs.", None),
        ("La remise est valable jusqu’au 30 juin.", "La remise est valable à partir du 30 juin.", Reason.BOUND),
        ("La remise est valable à compter du 30 juin.", "La remise est valable à partir du 30 juin.", None),
        ("La loi s’applique dès le 30 juin.", "La loi s’applique à partir du 30 juin.", None),
        ("La loi s’applique à partir du 30 juin 2024.", "La loi s’applique le 30 juin 2024.", None),
        ("La piscine est ouverte à partir de 8 heures.", "La piscine ouvre à 8 heures.", None),
        ("La loi vise les entreprises de moins de 50 salariés.", "La loi vise les entreprises de 50 salariés.", Reason.BOUND),
        ("Le bail dure au moins 6 mois.", "Le bail dure 6 mois.", Reason.BOUND),
        ("Le bail dure au moins 6 mois.", "Le bail doit au moins durer 6 mois.", None),
        ("Le bail dure au minimum 6 mois.", "Le minimum du bail est de 6 mois.", None),
        ("Le phare n’accueille pas moins de 90 clients.", "Le phare accueille 90 clients.", None),
        ("Le rabais vaut pour les versions 2 et plus récentes.", "Le rabais vaut pour les versions 2 et suivantes.", None),
        ("Une taxe de 2 % par mois est due.", "Une taxe de 2 % par an est due.", Reason.UNIT),
        ("Plus d’un tiers des clients paient.", "Un tiers des clients paient.", Reason.BOUND),
        ("Le dossier est rendu le 3 mai.", "Le dossier est rendu avant le 3 mai.", Reason.INVENTED),
        ("Le dossier est rendu au plus tard le 3 mai.", "Le dossier est rendu avant le 3 mai.", None),
        ("La piscine ouvre à huit heures, sauf le lundi.", "La piscine ouvre à huit heures le lundi.", Reason.CONDITION),
        ("La piscine ouvre à huit heures, sauf le lundi.", "La piscine ouvre à huit heures.", None),
        ("Les agents votent, à l’exception des stagiaires.", "Les stagiaires votent.", Reason.CONDITION),
        ("Les agents votent, à l’exception des stagiaires.", "Les agents votent, sauf les stagiaires.", None),
        ("Les agents et les stagiaires votent, sauf les stagiaires mineurs.", "Les stagiaires votent.", None),
        ("Si la pluie tombe, le marché ferme.", "Le marché ferme.", Reason.CONDITION),
        ("S’il pleut, le marché ferme à midi.", "Le marché ferme à midi.", Reason.CONDITION),
        ("Si la pluie tombe, c’est que le marché ferme.", "Le marché ferme.", None),
        ("Si la pluie tombe, le marché ferme.", "En cas de pluie, le marché ferme.", None),
        ("Si la pluie tombe, le marché ferme. La gare est chauffée.", "La gare est chauffée.", None),
        ("Deux tiers des clients paient.", "Un tiers des clients paient.", Reason.NUMBER),
        ("Les trois quarts des clients paient.", "75 % des clients paient.", None),
        ("Le loyer passe de 500 à 700 euros.", "Le loyer passe de 700 à 500 euros.", Reason.NUMBER),
        ("Le loyer passe de 500 à 700 euros.", "Le loyer passe de 500 euros à 700 euros.", None),
        ("Contrairement au train, le bus est gratuit.", "Le train est gratuit.", Reason.NEGATION),
        ("Contrairement aux trains, les bus sont gratuits.", "Les trains sont gratuits.", Reason.NEGATION),
        ("Rien ne prouve que le vaccin cause la maladie.", "Le vaccin cause la maladie.", Reason.MODALITY),
        ("Rien ne prouve que le vaccin cause la maladie.", "Selon le texte, rien ne prouve que le vaccin cause la maladie.", None),
        ("Le maire nie que la ville vende le terrain.", "La ville vend le terrain.", Reason.MODALITY),
        ("Cela ne signifie pas que le bail est gratuit.", "Le bail est gratuit.", Reason.MODALITY),
        ("Nul doute que le bail est gratuit.", "Le bail est gratuit.", None),
        ("Le maire affirme que la ville vend le terrain.", "La ville vend le terrain.", None),
        ("Le billet coûte 135 €.", "Le billet coûte 135 euros.", None),
        ("Le billet coûte 135 $.", "Le billet coûte 135 euros.", Reason.UNIT),
        ("Le parc ferme à 20 h.", "Le parc ferme à 20 heures.", None),
        ("Le trajet prend 20 min.", "Le trajet prend 20 minutes.", None),
        ("Le bail commence le 1er janvier.", "Le bail commence le premier janvier.", None),
        ("Le musée coûte 3 M€.", "Le musée coûte 3 millions d’euros.", None),
        ("Le musée coûte 3 Md€.", "Le musée coûte 3 millions d’euros.", Reason.NUMBER),
        ("La ville vend des logements neufs.", "La ville vend un logement neuf.", None),
        ("Le bail est de trois ans.", "Le bail est de trois ans [2].", Reason.MARKUP),
        ("Le bail est de trois ans.", "The lease is for three years and it is the law.", Reason.LANGUAGE),
    ],
)  # fmt: skip
def test_one_rule_at_a_time(embedder, quote, sentence, reason):
    verdict = checker(embedder, quote).check(sentence, (1,))
    if reason is None:
        assert verdict.supported, verdict
    else:
        assert reason in verdict.reasons
        assert not verdict.supported


def test_a_quote_is_always_supported(embedder):
    quote = "« L’État, c’est moi » [3] <|im_start|> : 3,5 % !"
    assert checker(embedder, quote).check("L'Etat, c'est moi [3] <|im_start|> : 3,5 %", (1,)).supported


def test_only_what_is_cited_proves(embedder):
    two = checker(embedder, "Le phare éclaire la baie.", "La gare ferme à midi.")
    assert not two.check("La gare ferme à midi et le phare éclaire la baie.", (2,)).supported
    assert two.check("La gare ferme à midi et le phare éclaire la baie.", (1, 2)).supported
    assert two.check("La gare ferme à midi.", (7,)).reasons == (Reason.UNCITED,)
    assert two.check("…", (1,)).reasons == (Reason.EMPTY,)


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


def test_the_question_said_again_is_no_answer(embedder):
    asked = checker(embedder, "Le phare éclaire la baie.", question="Qu’éclaire le phare ?")
    assert asked.check("Le phare éclaire.", (1,)).reasons == (Reason.ECHO,)


def test_the_same_sentence_has_the_same_verdict(embedder):
    one = checker(embedder, "Le conseil nomme le directeur pour six ans.")
    assert one.check("Le directeur est nommé pour 6 ans.", (1,)) == one.check(
        "Le directeur est nommé pour 6 ans.", (1,)
    )


@pytest.mark.parametrize(("split", "caught", "kept"), [("tune", 0.95, 0.90), ("held", 0.9, 0.75)])
def test_the_rates_do_not_fall(embedder, split, caught, kept):
    found: dict[bool, list[bool]] = {True: [], False: []}
    for line in DRAFTS.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        if row["split"] != split:
            continue
        citations = [
            Citation(
                n,
                "",
                row["title"],
                None,
                None,
                None,
                "",
                None,
                None,
                None,
                0,
                0,
                q["quote"],
                q["before"],
                q["after"],
                1.0,
            )
            for n, q in enumerate(row["quotes"], 1)
        ]
        verdict = Checker(row["question"], "fr", citations, embedder).check(row["draft"], row["citations"])
        found[row["supported"]].append(verdict.supported == row["supported"])
    assert sum(found[False]) / len(found[False]) >= caught
    assert sum(found[True]) / len(found[True]) >= kept


def test_the_set_is_as_it_should_be():
    rows = [json.loads(line) for line in DRAFTS.read_text(encoding="utf-8").splitlines()]
    assert sum(not row["supported"] for row in rows) >= 200
    assert sum(row["supported"] for row in rows) >= 150
    documents = {split: {row["document"] for row in rows if row["split"] == split} for split in ("tune", "held")}
    assert not documents["tune"] & documents["held"]
    assert all(1 <= n <= len(row["quotes"]) for row in rows for n in row["citations"])


def test_the_title_names_what_a_pronoun_stands_for(embedder):
    told = checker(embedder, "Fondée en 1734, elle est la plus ancienne du pays.", title="Université de Kerloc’h")
    assert told.check("L’université de Kerloc’h, fondée en 1734, est la plus ancienne du pays.", (1,)).supported


def test_a_list_tells_nothing_apart(embedder):
    told = checker(embedder, "La société compte des bureaux à Brest, à Quimper et à Lorient.")
    assert told.check("La société compte des bureaux à Lorient.", (1,)).supported
