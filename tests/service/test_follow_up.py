import pytest

from service.follow_up import rewrite

PARADOX = "Qu’est-ce que le paradoxe du back-office ?"
PAY = "Quel est le salaire minimum en France ?"


@pytest.mark.parametrize(
    ("history", "turn", "rewritten"),
    [
        ([PARADOX], "pourquoi ?", "Le paradoxe du back-office : pourquoi ?"),
        ([PARADOX], "Qui en a parlé ?", "Le paradoxe du back-office : qui en a parlé ?"),
        ([PAY], "et en Allemagne ?", "Quel est le salaire minimum en Allemagne ?"),
        ([PAY], "Et au Portugal ?", "Quel est le salaire minimum au Portugal ?"),
        (["Que fait l’association Framasoft ?"], "qui l'a fondée ?", "L’association Framasoft : qui l'a fondée ?"),
        (["Quand ouvre le jardin partagé ?"], "Qui l’a fondé ?", "Le jardin partagé : qui l’a fondé ?"),
        (["Que propose Denis Maillard ?"], "et pourquoi ?", "Denis Maillard : pourquoi ?"),
        ([PAY, "et en Allemagne ?"], "et en Italie ?", "Quel est le salaire minimum en Italie ?"),
        (["What is the back-office paradox?"], "who described it?", "The back-office paradox: who described it?"),
        (["Who founded the cooperative Coopaname?"], "when?", "The cooperative Coopaname: when?"),
        (["What is the minimum wage in France?"], "but in Germany?", "What is the minimum wage in Germany?"),
        (["How does Uber pay its drivers?"], "and Deliveroo?", "How does Deliveroo pay its drivers?"),
        (["Comment Uber paie-t-il ses livreurs ?"], "et Deliveroo ?", "Comment Deliveroo paie-t-il ses livreurs ?"),
        (["Que propose la CFDT pour les livreurs ?"], "et la CGT ?", "Que propose la CGT pour les livreurs ?"),
        (["Que dit le Code du travail ?"], "et la CGT ?", "Le Code du travail : la CGT ?"),
        (["Uber est-il implanté en Belgique ?"], "et Deliveroo ?", "Uber : Deliveroo ?"),
        (["Combien coûte un iPhone ?"], "et Samsung ?", "Un iPhone : Samsung ?"),
        (["Que fait Médecins sans frontières ?"], "et Greenpeace ?", "Médecins sans frontières : Greenpeace ?"),
        (["Que se passe-t-il dans les ateliers ?"], "et le soir ?", "Les ateliers : le soir ?"),
        (["Que font les Verts ?"], "et la CGT ?", "Les Verts : la CGT ?"),
        (["Que dit « Une colère française » ?"], "et Marx ?", "« Une colère française » : Marx ?"),
        (["Que pense Denis Maillard ?"], "Et Demain ?", "Denis Maillard : Demain ?"),
        ([PAY], "et le salaire moyen ?", "Quel est le salaire moyen en France ?"),
        (["Que dit la loi de 1884 ?"], "et la loi de 1936 ?", "Que dit la loi de 1936 ?"),
        (["Que dit l'article L. 1221-1 ?"], "et l’article L. 1222-1 ?", "Que dit l’article L. 1222-1 ?"),
        (["Que dit la loi Le Chapelier ?"], "et la loi de 1884 ?", "Que dit la loi de 1884 ?"),
        (
            [PARADOX],
            "les syndicats peuvent-ils en tirer parti ?",
            "Le paradoxe du back-office : les syndicats peuvent-ils en tirer parti ?",
        ),
        (["Le forfait-jours doit-il être écrit ?"], "c'est quel article ?", "Forfait-jours : c'est quel article ?"),
        (
            ["Que fait Framasoft ?", "Propose-t-elle des logiciels ?"],
            "et qui s'en sert ?",
            "Framasoft : qui s'en sert ?",
        ),
    ],
)
def test_a_turn_that_leans_on_the_one_before(history, turn, rewritten):
    assert rewrite(turn, history) == rewritten


@pytest.mark.parametrize(
    "question",
    [
        "Qui a écrit « Une colère française » ?",
        "Combien de clients Bouygues Telecom compte-t-il ?",
        "Comment la loi est-elle appliquée dans les entreprises ?",
        "C’est quel jour, la fête du travail ?",
        "C’est quel jour la fête du travail ?",
        "c'est combien le smic ?",
        "Combien gagne-t-on en Angleterre ?",
        "Peut-on en finir avec le chômage ?",
        "Non-paiement du loyer : que faire ?",
        "But de la société ?",
        "Or et argent : quel cours ?",
        "Y a-t-il des syndicats chez les livreurs à vélo ?",
        PAY,
        "?",
        "",
    ],
)
def test_a_question_that_stands_alone_is_left_alone(question):
    assert rewrite(question, [PARADOX]) is None


def test_what_would_become_too_long_is_left_alone():
    long = f"Quelles sont les conséquences {'de la longue histoire ' * 43}du travail ?"
    assert rewrite("pourquoi serait-il si long dans ce cas ?", [long]) is None
    assert rewrite("pourquoi ?", [long]) is not None


def test_without_history_nothing_is_rewritten():
    assert rewrite("pourquoi ?", []) is None
