"""Small closed lists of French (and English) words that turn a sentence's meaning round: what a checker must not miss.

All folded (no accents, lower case). Words that are not here are compared by their stems and vectors.
"""

from indexer.analysis import fold


def _folded(words: str) -> frozenset[str]:
    return frozenset(fold(word) for word in words.split())


# After « ne »: the second half of a negation.
NEGATION_ENDS = _folded("pas plus jamais rien aucun aucune personne guère point ni nul nulle nullement aucunement")
# Alone they deny what follows.
DENIALS = _folded("sans aucun aucune nul nulle non ni jamais not no never without nor cannot none neither nothing nobody")
# Words that hold a denial: « il est interdit de » is « on ne peut pas ».
DENYING = _folded(
    "interdit interdits interdite interdites interdire interdisent interdisait interdiction prohibe prohibés prohibée "
    "impossible impossibles incapable incapables refuse refusé refusée refuser refusent refus empêche empêchent empêcher "
    "manque manquent manquer absence dépourvu dépourvue dépourvus échappe échappent échapper échappera échapperont "
    "évite évitent éviter cesse cessent cesser cessera exclut exclu exclue exclus exclure prive priver faute "
    "forbidden prohibited impossible unable refuse refuses refused lack lacks absence avoid avoids prevent prevents"
)
# Between clauses: what a denial does not reach over.
CLAUSE_ENDS = _folded(
    "que qu qui dont où mais car parce puisque si lorsque quand tandis alors sauf donc cependant toutefois pourtant et "
    "but because if when while unless except which who that and although whereas"
)
# « plutôt que X », « au lieu de X », « contrairement à X »: X is denied.
INSTEAD = (("plutot", "que"), ("plutot", "qu"), ("au", "lieu"), ("contrairement", "a"), ("rather", "than"), ("instead", "of"))

QUANTIFIERS = {
    "all": _folded(
        "tous toutes chaque toujours entièrement totalement complètement absolument intégralement systématiquement "
        "intégralité totalité quiconque partout all every always entirely completely everyone everything everybody"
    ),
    "some": _folded(
        "certains certaines quelques parfois partiellement partie partiel quelquefois some sometimes partly several"
    ),
    "most": _folded(
        "plupart majorité majoritairement souvent généralement habituellement principalement nombreux nombreuses beaucoup "
        "fréquemment normalement most mostly often usually generally majority many"
    ),
    "almost": _folded("presque quasi quasiment quasi-totalité environ près almost nearly about approximately"),
    "only": _folded("seul seule seuls seules seulement uniquement exclusivement only solely exclusively alone"),
    "few": _folded("rarement peu rares rare rarely seldom few little"),
}
QUANTIFIER_OF = {word: name for name, words in QUANTIFIERS.items() for word in words}
# What a quantifier of the sentence may rest on in the quote, beside itself.
RESTS_ON = {
    "all": frozenset({"all"}),
    "some": frozenset({"some", "most", "few", "only"}),
    "most": frozenset({"most", "almost", "all"}),
    "almost": frozenset({"almost"}),
    "only": frozenset({"only"}),
    "few": frozenset({"few", "only"}),
}
# Those that weaken what they stand at: to leave them out says more than the quote.
WEAKENING = frozenset({"some", "most", "almost", "few"})

MUST = _folded(
    "doit doivent devra devront doive doivent devez devons doit-il faut faudra obligatoire obligatoires obligation "
    "obligations obligé obligée obligés tenu tenue tenus tenues nécessaire nécessaires exige exigent exigé impose "
    "imposé imposent impératif indispensable must shall required requires obliged mandatory has-to needs"
)
CAN = _folded(
    "peut peuvent pouvez pouvons pourra pourront pourrait pourraient possible possibles possibilité facultatif "
    "facultative autorisé autorisée autorisés permis permise can may could might possible allowed optional pouvait "
    "pouvaient"
)
MODALS = MUST | CAN
# A rule told in the indicative or by what it supposes obliges as well.
RULES = _folded(
    "condition conditions suppose supposent veille prévoit prévoient exige interdit interdite réputé constitue article "
    "règlement loi conforme doit appelle devons sous"
)
CERTAIN = _folded("certainement sûrement assurément évidemment incontestablement indubitablement forcément certainly surely "
                  "definitely undoubtedly")  # fmt: skip
HEDGES = _folded(
    "semble semblent semblerait semblait paraît paraissent probable probablement probables peut-être vraisemblablement "
    "éventuellement apparemment supposé perhaps maybe probably likely seems apparently might"
)
CONDITIONS = _folded("si s sauf excepté hormis lorsque quand moyennant if unless except when provided faute cas condition à-moins")

# Directions of cause. The cause stands after the first kind, before the second.
BECAUSE = _folded("parce car puisque because since")
LEADS_TO = _folded(
    "donc ainsi entraîne entraînent entraîné entraînant provoque provoquent provoqué cause causent causé engendre "
    "engendrent engendré génère génèrent généré explique expliquent expliqué conduit conduisent conduite mène produit "
    "so therefore thus hence causes caused leads led explains"
)

ANTONYMS = tuple(
    tuple(frozenset(fold(word) for word in side.split()) for side in pair.split("|"))
    for pair in (
        "avant|après",
        "before|after",
        "début debuts|fin fins",
        "premier première premiers premières|dernier dernière derniers dernières",
        "augmente augmentent augmenter augmenté augmentation augmentations hausse hausses accroissement croissance croître "
        "croît accru accrue accrus accrues grandit grimpe explosion explose multiplication|diminue diminuent diminuer diminué "
        "diminution diminutions baisse baisses réduction réduit réduite réduits réduites décroissance décroît recul chute "
        "effondrement s'effondre déclin",
        "supérieur supérieure supérieurs supérieures|inférieur inférieure inférieurs inférieures",
        "maximum maximal maximale|minimum minimal minimale",
        "grand grande grands grandes gros grosse|petit petite petits petites",
        "long longue longs longues|court courte courts courtes bref brève",
        "haut haute hauts hautes élevé élevée élevés élevées fort forte important importante importants importantes|bas basse "
        "basses faible faibles modeste minime mineur mineure",
        "rapide rapides rapidement vite|lent lente lents lentement",
        "bon bonne bons bonnes|mauvais mauvaise mauvaises",
        "meilleur meilleure meilleurs meilleures mieux|pire pires pis",
        "facile faciles facilement facilite facilitent faciliter simple simples simplifie aisé aisée|difficile difficiles "
        "difficilement complique compliquent compliquer compliqué compliquée compliquant complexe ardu",
        "public publique publics publiques|privé privée privés privées",
        "gratuit gratuite gratuits gratuitement|payant payante payants payantes",
        "ouvert ouverte ouverts ouvertes ouvre ouvrent ouvrir ouverture|fermé fermée fermés fermées ferme ferment fermer fermeture",
        "interdit interdite interdits interdites interdiction interdire prohibé défendu|permis permise permet autorisé autorisée "
        "autorisés autorisées autorise autorisation légal licite",
        "obligatoire obligatoires obligatoirement|facultatif facultative facultatifs facultatives optionnel optionnelle",
        "accepte acceptent accepter accepté acceptée acceptation accorde|refuse refusent refuser refusé refusée refus rejette "
        "rejeté rejet",
        "crée créent créer créé créés créée création|détruit détruisent détruire détruits détruite destruction supprime "
        "suppriment supprimer supprimé suppression",
        "ajoute ajouter ajouté ajout|retire retirer retiré retrait enlève",
        "construire construit construction|détruire détruit démolir démolition destruction",
        "commence commencent commencer commencé début débute|finit finir termine terminent terminer terminé cesse cesser",
        "entre entrer entrée|sort sortir sortie",
        "monte monter montée|descend descendre descente",
        "gagne gagner gagné gain gains|perd perdre perdu perte pertes",
        "réussit réussir réussi réussie réussite succès|échoue échouer échoué échec",
        "achète acheter acheté achat|vend vendre vendu vente",
        "donne donner donné verse verser versé|reçoit recevoir reçu",
        "envoie envoyer envoyé envoi|reçoit recevoir reçu réception",
        "positif positive positifs positives|négatif négative négatifs négatives",
        "présent présente présence|absent absente absence",
        "vrai vraie vrais|faux fausse",
        "même mêmes identique identiques équivalent équivalente équivalentes semblable semblables|différent différente différents "
        "différentes autre autres",
        "ancien ancienne anciens anciennes vieux vieille|nouveau nouvelle nouveaux nouvelles récent récente récentes récents jeune "
        "jeunes suivantes",
        "plein pleine complet complète|vide partiel partielle incomplet",
        "intérieur interne internes|extérieur externe externes",
        "proche proches près|loin lointain éloigné",
        "tôt|tard",
        "nord|sud",
        "est|ouest",
        "gauche|droite",
        "homme hommes masculin masculine|femme femmes féminin féminine",
        "fils|fille",
        "père|mère",
        "mari|épouse",
        "ami amis allié alliés|ennemi ennemis",
        "paix|guerre",
        "victoire victoires vainqueur|défaite défaites vaincu",
        "vie vivant vivants vivante naissance né née|mort morte morts décès mourut",
        "jour|nuit",
        "été|hiver",
        "chaud chaude chauffe|froid froide refroidit",
        "clair claire claires|obscur obscure obscurs sombre confus",
        "statique statiques|dynamique dynamiques",
        "interprété interprétée|compilé compilée",
        "actif active|passif passive",
        "écrit écrite écrits|oral orale oralement",
        "temporaire temporaires provisoire éphémère|permanent permanente permanents permanentes durable durables définitif",
        "fréquent fréquents souvent fréquemment|rare rares rarement",
        "beaucoup nombreux nombreuses|peu",
        "toujours|jamais parfois",
        "individuel individuelle individuels individuellement|collectif collective collectifs collectivement",
        "riche riches|pauvre pauvres",
        "dangereux dangereuse dangereuses|inoffensif inoffensive inoffensifs sûr sûre sûrs",
        "satisfait satisfaits satisfaite satisfaites content contents heureux|mécontent mécontents mécontente insatisfait "
        "insatisfaits malheureux déçu déçus",
        "calme calmes rassuré rassurés rassurée rassurées serein sereins|anxieux anxieuse anxieuses inquiet inquiets inquiète "
        "inquiètes angoissé",
        "conserve conserver conservé garde garder maintient|détruit détruire supprime jette abandonne",
        "allonge allonger prolonge prolonger rallonger|réduit réduire raccourcir écourter abrège",
        "majoritaire majorité|minoritaire minorité",
        "client clients acheteur acheteurs|vendeur vendeurs fournisseur fournisseurs",
        "employeur employeurs patron patrons|salarié salariés employé employés",
        "locataire locataires|propriétaire propriétaires bailleur bailleurs",
        "légal légaux légale|illégal illégaux illégale",
        "départ|arrivée",
        "importation importations importe|exportation exportations exporte",
        "rend rendre restitue|prend prendre confisque",
        "tout|rien",
        "avec|sans",
        "grâce|malgré",
        "pour|contre",
        "avantage avantages|inconvénient inconvénients désavantage",
        "volontaire volontaires volontairement délibérément|involontaire involontaires involontairement accidentellement",
        "more|less fewer",
        "increase increases increased rise rises|decrease decreases decreased fall falls drop",
        "first|last",
        "allowed permitted|forbidden prohibited",
        "public|private",
        "accept accepts accepted|refuse refuses refused reject rejected",
    )
)
_PREFIXES = ("in", "im", "ir", "il", "de", "des", "dis", "mal", "non", "anti", "un")


_SIDES: dict[str, frozenset[tuple[int, int]]] = {}
for _pair, _both in enumerate(ANTONYMS):
    for _side, _words in enumerate(_both):
        for _word in _words:
            _SIDES[_word] = _SIDES.get(_word, frozenset()) | {(_pair, _side)}


def alike(one: str, other: str) -> bool:
    """Whether two folded words stand on the same side of a pair: « hausse » and « augmentation »."""
    return bool(_SIDES.get(one, frozenset()) & _SIDES.get(other, frozenset()))


def opposite(one: str, other: str) -> bool:
    """Whether two folded words mean the opposite, by the list or by a prefix (« licite », « illicite »)."""
    others = _SIDES.get(other, frozenset())
    if any((pair, 1 - side) in others for pair, side in _SIDES.get(one, frozenset())):
        return True
    short, longer = sorted((one, other), key=len)
    for prefix in _PREFIXES:
        rest = longer.removeprefix(prefix)
        if rest != longer and len(rest) >= 5:
            same = len(rest) - 2
            if rest == short or (abs(len(rest) - len(short)) <= 2 and rest[:same] == short[:same] and same >= 5):
                return True
    return False


# Words that tell how something is told, or that any sentence may use without its quote: no claim of their own.
LIGHT = _folded(
    "texte document extrait passage auteur source citation question réponse selon d'après indique indiquent précise précisent "
    "explique expliquent affirme affirment mentionne mentionnent souligne déclare raconte rapporte décrit présente présentent "
    "montre évoque estime parle dit ajoute rappelle propose notamment également aussi ainsi enfin ensuite puis donc cependant "
    "toutefois effet général outre particulier particulière façon manière fait faits faire chose choses cas lors sein regard "
    "afin tandis alors contre contraire grâce cause raison raisons suite cours niveau termes terme titre sorte type sujet "
    "permet permettent permettant permettre signifie désigne consiste consistent constitue constituent représente "
    "représentent comprend comprennent comprenant inclut incluent inclus appelle appelé appelée nommé nommée dénommé agit "
    "concerne concernent existe existent trouve trouvent situe être avoir avait ayant était étaient devient deviennent "
    "oui non peut doit faut va aller veut dire savoir ici là cela ceci celui celle ceux dès autour entre hors parmi vis-à-vis "
    "uniquement environ près plutôt même mêmes tel telle plus moins mieux notion fois "
    "quelqu personne personnes autrui individu façons manières lieu "
    "text document author says said states stated explains according source mentions describes called means named answer "
    "also however thus yes one"
)
