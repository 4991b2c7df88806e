import json
import subprocess

import numpy as np
import pytest

from training import faq

MARKDOWN = """---
title: Comment obtenir un badge&nbsp;?
id: 3
---

# Comment obtenir un badge&nbsp;?

Demandez-le à l’**accueil**, du [lundi](https://exemple.fr/lundi) au *vendredi* :

- avec une pièce d’identité ;
- et une photo.

![Le guichet](guichet.png)
"""
JSON = json.dumps(
    {
        "menu": [{"titre": "Hors de la FAQ ?", "texte": "Rien."}],
        "faq": [{"theme": "Prêt", "liste": [{"titre": "Combien de livres ?", "texte": "<p>Dix.</p><p>Pas plus.</p>"}]}],
    }
)
JAVASCRIPT = r"""
type Item = { answer: ReactNode; question: string };
export default [
  {
    question: 'Où est l\'accueil\u00A0?',
    // question: 'Ancienne question ?',
    frequent: true,
    answer:
      "Au rez-de-chaussée, " + `à gauche de
      l'entrée${suite}.`,
  },
  {
    answer: (
      <>
        {/* à revoir */}
        <p onClick={() => suivre({ page: 'plan' })}>Prenez le tramway (ligne 2),{' '}<b>puis</b> marchez.</p>
        <p>Cinq minutes.</p>
      </>
    ),
    question: "Comment venir ?",
  },
];
"""
DIRECTIVES = """.. question:: Faut-il réserver ?
    :level: 2

    Oui, **toujours**.

    * par téléphone ;

.. question:: Et les chiens ?

    Non.

Fin de page.
"""


@pytest.mark.parametrize(
    ("raw", "source", "pairs"),
    [
        (
            MARKDOWN,
            {"rule": "page", "path": "a.md"},
            [
                (
                    "Comment obtenir un badge ?",
                    "Demandez-le à l’accueil, du lundi au vendredi : avec une pièce d’identité ; et une photo.",
                )
            ],
        ),
        (
            JSON,
            {"rule": "keys", "path": "a.json", "under": "faq", "question": "titre", "answer": "texte"},
            [("Combien de livres ?", "Dix. Pas plus.")],
        ),
        (
            "- question: Quand ?\n  reponse: '<p>Le lundi&nbsp;!</p>'\n- note: rien\n",
            {"rule": "keys", "path": "a.yml", "question": "question", "answer": "reponse"},
            [("Quand ?", "Le lundi !")],
        ),
        (
            JAVASCRIPT,
            {"rule": "literals", "path": "a.tsx"},
            [
                ("Où est l'accueil ?", "Au rez-de-chaussée, à gauche de l'entrée."),
                ("Comment venir ?", "Prenez le tramway (ligne 2), puis marchez. Cinq minutes."),
            ],
        ),
        (
            DIRECTIVES,
            {
                "rule": "pattern",
                "path": "a.md",
                "pattern": r"^\.\. question::(?P<question>[^\n]+)\n(?P<answer>(?:[ \t]+[^\n]*\n|[ \t]*\n)*)",
            },
            [("Faut-il réserver ?", "Oui, toujours. par téléphone ;"), ("Et les chiens ?", "Non.")],
        ),
    ],
)
def test_each_rule_cuts_its_pairs_without_markup(raw, source, pairs):
    assert list(faq.cut(raw, source)) == pairs


def test_a_rule_that_is_not_known_is_an_error():
    with pytest.raises(ValueError, match="other"):
        list(faq.cut("", {"rule": "other", "path": "a.md"}))


def test_a_question_without_its_answer_is_an_error_rather_than_a_shift():
    raw = "[{ answer: rendu(), question: 'Une ?' }, { question: 'Deux ?', answer: 'Oui.' }]"
    with pytest.raises(ValueError, match="Deux"):
        list(faq.cut(raw, {"rule": "literals", "path": "a.ts"}))


def test_pairs_are_read_at_their_commit_without_short_answers_and_repetitions(tmp_path, monkeypatch):
    clone = tmp_path / "un+site" / "repo"
    clone.mkdir(parents=True)
    long = "Oui, le service est ouvert à tous du lundi au samedi matin."
    rows = [("Ouvert ?", long), ("OUVERT ?", "Une autre réponse, assez longue pour être gardée, mais trop tard.")]
    rows += [("Le samedi ?", long), ("Le dimanche ?", "Non."), ("Gratuit ?", long.replace("ouvert", "gratuit"))]

    def git(*arguments):
        identity = ("-c", "user.name=a", "-c", "user.email=a@b.c")
        return subprocess.run(
            ["git", *identity, *arguments], cwd=clone, check=True, capture_output=True, text=True
        ).stdout

    git("init", "-q")
    (clone / "faq.json").write_text(json.dumps([{"question": q, "answer": a} for q, a in rows]), encoding="utf-8")
    git("add", ".")
    git("commit", "-q", "-m", "FAQ")
    commit = git("rev-parse", "HEAD").strip()
    (clone / "faq.json").write_text("[]", encoding="utf-8")
    git("commit", "-q", "-a", "-m", "Rien")
    source = {"repository": "un/site", "commit": commit, "path": "faq.json", "licence": "MIT", "rule": "keys"}
    sources = tmp_path / "faq.jsonl"
    absent = source | {"repository": "un/absent"}
    sources.write_text(json.dumps(source) + "\n" + json.dumps(absent) + "\n", encoding="utf-8")
    monkeypatch.setattr(faq, "SOURCES", sources)

    pairs = faq.read_pairs(tmp_path)

    assert [pair.question for pair in pairs] == ["Ouvert ?", "Gratuit ?"]
    assert {pair.repository for pair in pairs} == {"un/site"}
    assert faq.identity(pairs) != faq.identity(pairs[::-1])


def test_a_repository_stays_in_its_part_and_both_parts_have_some():
    rows = [json.loads(line) for line in faq.SOURCES.read_text(encoding="utf-8").splitlines()]
    parts = {row["repository"]: faq.part_of(row["repository"]) for row in rows}
    assert set(parts.values()) == set(faq.PARTS)
    assert all(len(row["commit"]) == 40 and row["licence"] for row in rows)


def test_no_file_is_one_that_the_reader_learnt_from():
    with (faq.SOURCES.parent / "contexts.jsonl").open(encoding="utf-8") as lines:
        learnt = {(row.get("repository"), row.get("path")) for row in map(json.loads, lines)}
    with faq.SOURCES.open(encoding="utf-8") as lines:
        assert not learnt & {(row["repository"], row["path"]) for row in map(json.loads, lines)}


def test_long_answers_are_cut_into_passages_that_know_their_answer():
    passages, rows = faq.passages_of([" ".join(["mot"] * 400), "court"])
    assert [len(passage.split()) for passage in passages] == [180, 180, 40, 1]
    assert rows.tolist() == [0, 0, 0, 1]


def test_ranks_figures_and_intervals():
    runs = np.array([[0, 1, 2], [2, 1, 0], [0, 1, -1], [3, 2, 1]])
    ranks = faq.reciprocal_ranks(runs)
    assert ranks.tolist() == [1, 0.5, 0, 1]
    low, high = faq.interval(ranks)
    assert 0 <= low < ranks.mean() < high <= 1
    assert faq.figures(ranks).startswith("0.625 [")
    assert " / 0.750 [" in faq.figures(ranks)


def test_reciprocal_rank_fusion_prefers_what_both_legs_found():
    pytest.importorskip("sklearn")
    assert faq.fused_runs(np.array([[0, 1, 2]]), np.array([[3, 1, 4]]))[0].tolist() == [1, 0, 3]
