import pytest

from eval.statements import questions_of

RIGHT = [
    ("Le castor est un rongeur semi-aquatique de la famille des castoridés.", "Qu’est-ce que le castor ?", "rongeur semi-aquatique de la famille des castoridés"),
    ("Denis Maillard est un philosophe français né à Paris.", "Qui est Denis Maillard ?", "philosophe français né à Paris"),
    ("Firefox est un logiciel libre qui affiche des pages.", "Qu’est-ce que Firefox ?", "logiciel libre"),
    ("Le mot « back-office » désigne la partie cachée du théâtre.", "Que désigne le mot « back-office » ?", "la partie cachée du théâtre"),
    ("On appelle « quota » la part réservée à un groupe.", "Qu’appelle-t-on « quota » ?", "la part réservée à un groupe"),
    ("D. M. : J’appelle « back-office » la structure permanente, invisible.", None, None),
    ("Denis : J’appelle « back-office » la structure permanente, invisible.", "Que désigne « back-office » ?", "la structure permanente"),
    ("La clé à molette sert à serrer les écrous.", "À quoi sert la clé à molette ?", "serrer les écrous"),
    ("Les ateliers de réparation consistent à remettre en état des vélos.", "En quoi consistent les ateliers de réparation ?", "remettre en état des vélos"),
    ("La tour Eiffel a été inaugurée en 1889 à Paris.", "En quelle année la tour Eiffel a-t-elle été inaugurée ?", "1889"),
    ("Le 14 juillet 1789, la forteresse de la Bastille est détruite.", "Quand la forteresse de la Bastille est-elle détruite ?", "14 juillet 1789"),
    ("En mars 1945, une école est créée.", None, None),
    ("La cité radieuse du Havre a été construite par Auguste Perret.", "Par qui la cité radieuse du Havre a-t-elle été construite ?", "Auguste Perret"),
    ("La France compte 67,8 millions d’habitants.", "Combien d’habitants compte la France ?", "67,8 millions"),
    ("En 2019, la France compte près de 500\u00a0hameaux vides.", "Combien de hameaux compte la France en 2019 ?", "500"),
    ("La France compte 12 nouveaux députés.", None, None),
    ("La digue de Cherbourg mesure 3,6 kilomètres de long.", "Combien mesure la digue de Cherbourg ?", "3,6 kilomètres"),
    ("Le coût des travaux s’élève à 12\u202f€ par jour.", "À combien s’élève le coût des travaux ?", "12\u202f€"),
    ("Le taux de chômage est de 7,4 % en 2023.", "Quel est le taux de chômage ?", "7,4 %"),
    ("Le siège du syndicat se trouve à Lyon, près de la gare.", "Où se trouve le siège du syndicat ?", "à Lyon"),
    ("Le musée de la ville ferme en janvier parce que les visiteurs sont rares.", "Pourquoi est-ce que le musée de la ville ferme en janvier ?", None),
    ("Il ferme en janvier parce que les visiteurs sont rares.", None, None),
    ("Le castor ne dort pas l’hiver parce qu’il a froid.", None, None),
    ("Le roi est un homme comme les autres.", None, None),
    ("Ce texte est un poème de quatre strophes.", None, None),
    ("Le chômage est un vrai problème de notre temps.", None, None),
    ("La loi est adoptée en 1998.", None, None),
    ("La tour Eiffel est-elle un monument ?", None, None),
]  # fmt: skip


@pytest.mark.parametrize(("sentence", "question", "fact"), RIGHT)
def test_a_statement_gives_its_question_in_right_french_or_none(sentence, question, fact):
    found = list(questions_of(sentence))
    assert [one.question for one in found] == ([question] if question else [])
    if question:
        place = found[0].fact
        assert (sentence[slice(*place)] if place else None) == fact


def test_one_sentence_may_answer_two_questions():
    asked = [one.question for one in questions_of("Simone Weil est née le 3 février 1909 à Paris.")]
    assert asked == ["Quand Simone Weil est-elle née ?", "Où Simone Weil est-elle née ?"]
