"""Small closed lists of French (and English) words that turn a sentence's meaning round: what a checker must not miss.

All folded (no accents, lower case). Words that are not here are compared by their stems and vectors.
"""

from indexer.analysis import FrenchAnalyser, fold


def _folded(words: str) -> frozenset[str]:
    return frozenset(fold(word) for word in words.split())


# After « ne »: the second half of a negation.
NEGATION_ENDS = _folded("pas plus jamais rien aucun aucune personne guère point ni nul nulle nullement aucunement")
# Alone they deny what follows.
DENIALS = _folded(
    "hors sans aucun aucune nul nulle non ni jamais not no never without nor cannot none neither nothing nobody"
)
# Words that hold a denial: « il est interdit de » is « on ne peut pas ».
DENYING_NOUNS = _folded("absence manque manques lack lacks")
DENYING = DENYING_NOUNS | _folded(
    "interdit interdits interdite interdites interdire interdisent interdisait interdiction prohibe prohibés prohibée "
    "impossible impossibles incapable incapables refuse refusé refusée refuser refusent refus empêche empêchent empêcher "
    "manque manquent manquer absence dépourvu dépourvue dépourvus échappe échappent échapper échappera échapperont "
    "évite évitent éviter évitez évitons cesse cessent cesser cessera exclut exclu exclue exclus exclure prive priver "
    "forbidden prohibited impossible unable refuse refuses refused lack lacks absence avoid avoids prevent prevents"
)
# Between clauses: what a denial does not reach over.
CLAUSE_ENDS = _folded(
    "que qu qui dont où mais car parce puisque si lorsque quand tandis sauf donc cependant toutefois pourtant et "
    "because if when while unless except which who that and although whereas"
)
# « plutôt que X », « au lieu de X », « contrairement à X »: X is denied.
INSTEAD = (
    ("plutot", "que"),
    ("plutot", "qu"),
    ("au", "lieu"),
    ("contrairement", "a"),
    ("contrairement", "au"),
    ("contrairement", "aux"),
    ("faute", "de"),
    ("faute", "d"),
    ("rather", "than"),
    ("instead", "of"),
)

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
    "obligations obligé obligée obligés tenu tenue tenus tenues nécessaire nécessaires exige exigent exigé devrait devraient "
    "fallait impératif indispensable must shall required requires obliged mandatory has-to needs"
)
CAN = _folded(
    "peut peuvent pouvez pouvons pourra pourront pourrait pourraient possible possibles possibilité facultatif "
    "facultative autorisé autorisée autorisés permis permise can may could might possible allowed optional pouvait "
    "pouvaient pouvions pouvoir pourrions saurait sauraient sait"
)
MODALS = MUST | CAN
# A rule told in the indicative or by what it supposes obliges as well.
RULES = _folded(
    "condition conditions suppose supposent veille prévoit prévoient exige interdit interdite réputé constitue article "
    "règlement loi conforme devons impose imposent imposé besoin convient défi objectif mission but nécessite nécessitent"
)
CERTAIN = _folded("certainement sûrement assurément évidemment incontestablement indubitablement forcément certainly surely "
                  "definitely undoubtedly")  # fmt: skip
HEDGES = _folded(
    "semble semblent semblerait semblait probable probablement probables peut-être vraisemblablement "
    "éventuellement apparemment douteux douteuse pourrait pourraient "
    "perhaps maybe probably likely seems apparently might"
)
# Words of a sentence that says under what condition it holds.
CONDITIONS = _folded(
    "si lorsque lorsqu quand moyennant pourvu sauf faute cas condition conditions if when unless provided"
)
EXCEPTIONS = _folded("sauf excepté exceptée exceptés exceptées hormis exception exceptions except")
# Beginnings of words that tell the exception in another way: « les stagiaires en sont dispensés ».
EXEMPT = ("excl", "exempt", "exoner", "dispens")
# « X nie que P », « rien ne prouve que P »: beginnings of the verb or adjective before « que ».
DENIES_THAT = ("nie", "niait", "dement", "contest", "refut", "dout", "faux")
ASSERTS_THAT = (
    "prouv", "preuv", "signifi", "demontr", "montr", "impliqu", "etabli", "confirm", "garanti", "indiqu", "assur", "affirm",
    "vrai", "certain", "pens", "croi", "dit", "dire",
)  # fmt: skip

# Directions of cause: what stands after the first is the cause, before the second too; after the third as well, seen from
# its effect.
BECAUSE = _folded("parce car puisque because")
BECAUSE_OF = (("raison", "de"), ("raison", "d"), ("raison", "des"), ("raison", "du"), ("cause", "de"), ("cause", "d"),
              ("cause", "des"), ("cause", "du"), ("grace", "a"), ("grace", "au"), ("grace", "aux"), ("fait", "de"),
              ("fait", "que"), ("fait", "du"))  # fmt: skip
LEADS_TO = _folded(
    "entraîne entraînent entraîné entraînant provoque provoquent provoqué provoquée cause causent causé causée engendre "
    "engendrent engendré engendrée génère génèrent généré générée explique expliquent expliqué expliquée conduit conduisent "
    "leads led causes caused explains"
)
RESULTS_FROM = _folded(
    "conséquence conséquences résulte résultent provient proviennent découle découlent vient venait results"
)
# Other ways to tell a cause: enough for a sentence that gives one.
CAUSAL = _folded(
    "permet permettent permettant afin ainsi raison raisons cause causes grâce induit induite induites consequence donc "
    "suscite amène faute pourquoi"
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
# The same event from its other side: « le Canada verse à la province », « la province reçoit du Canada ».
CONVERSES = tuple(
    tuple(frozenset(fold(word) for word in side.split()) for side in pair.split("|"))
    for pair in (
        "donne donnent donner donné donnée verse versent verser versé versée fournit fournissent fournir fourni fournie accorde "
        "attribue attribuent attribuer attribué attribuée offre offrent offrir octroie envoie envoient envoyer envoyé envoyée "
        "envoi remet paie paye payer|reçoit reçoivent recevoir reçu reçue reçus reçues obtient obtiennent obtenir obtenu "
        "touche touchent perçoit perçoivent perçu réception bénéficie bénéficient",
        "achète achètent acheter acheté achat acquiert acquis|vend vendent vendre vendu vente",
        "prête prêter prêté|emprunte emprunter emprunté",
        "enseigne enseigner enseigné|apprend apprendre appris",
        "gives give gave given provides pays paid sends sent|receives receive received gets obtained",
        "buys bought|sells sold",
    )
)

SYNONYMS = tuple(
    frozenset(fold(word) for word in group.split())
    for group in (
        "naître né née nés nées issu issue issus issues produit résulte résultent résulter provient proviennent découle "
        "découlent origine vient viennent venait venu venue causé causée causés dû due",
        "remplacer remplacement troquer substituer",
        "conduire conduit conduisent mener mène mènent entraîner entraîne générer provoquer produire produit engendrer causer "
        "cause amener susciter occasionner",
        "profiter profit bénéficier bénéfice bénéfices tirer",
        "énumérer lister liste recenser",
        "décider décision décisions choisir choix",
        "exercer exécuter pratiquer effectuer accomplir réaliser procéder",
        "décrire décrit description descriptif",
        "recevoir reçoit reçoivent obtenir obtient obtiennent toucher percevoir récompenser récompense",
        "allier combiner associer conjuguer joindre",
        "avertir averti informer notifier notification notifications prévenir aviser signaler alerter",
        "apparaître apparu apparue surgir émerger révéler",
        "poursuivre poursuit poursuivent continuer continue durer dure prolonger",
        "assurer assure veiller veille garantir",
        "utiliser utilisation usage usages employer recourir recours servir sert servent",
        "célèbre célèbres connu connus connue connues populaire populaires réputé",
        "fournir fournit fournissent donner offrir offre attribuer octroyer accorder procurer remettre livrer délivrer",
        "aider aide assister assistance soutenir soutien appui appuyer",
        "demander demande demandes requérir requête solliciter sollicitation réclamer",
        "commencer commence débuter débute démarrer début lancer",
        "finir finit terminer achever fin arrêter cesser",
        "démontrer montrer prouver révéler établir",
        "posséder possède disposer détenir détient avoir comporter contenir contient inclure inclut comprendre comprend compter",
        "appeler nommer baptiser désigner qualifier intituler dénommer",
        "conserver conservation garder maintenir maintien préserver",
        "habitant habitants résident résidents résidence habiter",
        "travailler travail emploi emplois métier métiers poste profession",
        "entreprise entreprises société sociétés firme compagnie",
        "collègue collègues employé employés collaborateur collaborateurs salarié salariés personnel",
        "destinataire recevoir reçoit reçu",
        "publier publication paraître paru parue parus sortir éditer",
        "écrire écrit écrite auteur auteure autrice rédiger rédaction",
        "fonder fondateur fondatrice créer création cofonder cofondateur",
        "salaire salaires salarial salariale salariales rémunération rémunérer payer paie",
        "toucher touché touchés affecter impact impacter concerner atteindre",
        "pousser inciter encourager",
        "vérifier vérification contrôler contrôle surveiller examiner",
        "fonctionner fonctionnement marcher rouler dysfonctionner",
        "transmettre transmission communiquer communication envoyer",
        "initial initiale initiaux premier première premiers premières",
        "mourir mort meurt mourut décéder décès",
        "naissance naître né née naquit",
        "acheter achat acquérir acquisition",
        "vendre vente vendu",
        "construire construction bâtir édifier",
        "but objectif objectifs vise visent viser visée finalité fins mission",
        "durée temps délai délais période",
        "établir établissement instaurer fixer mettre",
        "respecter respect conforme conformément conformer observer observation",
        "répondre réponse réponses suite",
        "conséquence conséquences effet effets résultat résultats impact induit induites",
        "rapide rapidement vite",
        "débarquer descendre",
        "supprimer suppression effacer désinstaller retirer",
        "domicile maison télétravail télétravaillable télétravailler distance",
        "inventer invention concevoir conçu développer",
        "découvrir découvert découverte trouver",
        "changer changement modifier modification mutation transformer transformation évoluer évolution",
        "relier lier lié liés liée liées relatif relative relatifs relatives concernant",
        "améliorer amélioration",
        "choisir choix sélectionner sélection",
        "accueillir accueil embaucher embauche recruter recrutement engager",
        "contacter contact joindre appel",
        "davantage plus",
        "poser installer installation placer",
        "gens personne personnes individu individus quelqu",
        "tâche tâches mission missions",
        "vouloir veulent veut volonté souhaiter souhait désirer désir",
        "croire penser estimer considérer",
        "fréquent fréquemment souvent",
        "quotidiennement quotidien jour jours",
        "graduellement progressivement peu",
        "regarder voir observer apercevoir constater",
        "permettre autoriser laisser",
        "réduire réduction diminuer diminution baisser baisse limiter",
        "augmenter augmentation accroître accroissement hausse",
        "erreur faute",
        "ennui problème problèmes difficulté difficultés souci",
        "vie vivre existence",
        "argent pécuniaire financier financière monétaire",
        "pays état nation",
        "médicament médicaments remède",
        "voiture voitures automobile automobiles véhicule véhicules",
        "école écoles scolaire établissement",
        "enfant enfants enfance",
        "démission démissionner quitter",
        "rupture rompre",
        "habituellement normalement généralement ordinairement",
        "notamment surtout principalement",
        "ancien ancienne anciens ex précédent précédente",
        "suivre suivant suivante suivants suivantes après",
        "actuel actuellement aujourd maintenant",
        "payer paiement régler règlement acquitter verser versement",
        "loger logement hébergement héberger",
        "protéger protection préserver défendre défense",
        "partager partage répartir",
        "juger jugement décider",
        "sûr sécurité sécuriser",
        "reposer repose reposent fonder fondé fondée fondés fondées baser basé",
        "détourner dévier dériver",
        "sauf excepté hormis exception exceptions",
        "étudier étude recherche rechercher",
        "renforcer renforcement consolider",
    )
)
_STEM = FrenchAnalyser().stem
Wording = tuple[str, str]  # a word folded, and its stem (as a verb)


def _places(groups: tuple[tuple[frozenset[str], ...], ...]) -> dict[str, frozenset[tuple[int, int]]]:
    """Of each form and stem: the pairs and sides where it stands."""
    found: dict[str, frozenset[tuple[int, int]]] = {}
    for pair, sides in enumerate(groups):
        for side, words in enumerate(sides):
            for word in words | {_STEM(word) for word in words}:
                found[word] = found.get(word, frozenset()) | {(pair, side)}
    return found


_OPPOSED = _places(ANTONYMS)
_TURNED = _places(CONVERSES)
_SAME = _places(tuple((group,) for group in SYNONYMS))
_NONE: frozenset[tuple[int, int]] = frozenset()
_PREFIXES = ("in", "im", "ir", "il", "de", "des", "dis", "mal", "non", "anti", "un")


def alike(one: Wording, other: Wording) -> bool:
    """Whether two words mean the same by the lists: « hausse » and « augmentation »."""
    return any(_sides(places, one) & _sides(places, other) for places in (_SAME, _OPPOSED, _TURNED))


def opposite(one: Wording, other: Wording) -> bool:
    """Whether two words mean the opposite, by the list or by a prefix (« licite », « illicite »)."""
    if _across(_OPPOSED, one, other):
        return True
    short, longer = sorted((one[0], other[0]), key=len)
    for prefix in _PREFIXES:
        if longer.startswith(prefix) and len(longer) - len(prefix) >= 5:
            rest = longer[len(prefix) :]
            shared = max(len(rest) - 2, 5)
            if rest == short or (abs(len(rest) - len(short)) <= 2 and rest[:shared] == short[:shared]):
                return True
    return False


def converse(one: Wording, other: Wording) -> bool:
    """Whether two words tell the same from its two sides: « verse » and « reçoit »."""
    return _across(_TURNED, one, other)


def _sides(places: dict[str, frozenset[tuple[int, int]]], word: Wording) -> frozenset[tuple[int, int]]:
    return places.get(word[0]) or places.get(word[1], _NONE)


def _across(places: dict[str, frozenset[tuple[int, int]]], one: Wording, other: Wording) -> bool:
    mine = _sides(places, one)
    if not mine:
        return False
    others = _sides(places, other)
    return any((pair, 1 - side) in others for pair, side in mine)


# What « avant » and « après » may rest on in the quote, beside themselves.
DIRECTIONS = {
    "avant": _folded("jusque jusqu tard ici préalable préalablement précède précédent précédente antérieur veille"),
    "apres": _folded(
        "depuis puis ensuite suite suivant suivante issue bout partir compter fois lendemain ultérieur ultérieurement "
        "postérieur expiration"
    ),
    "before": _folded("until prior by"),
    "after": _folded("since following then once"),
}

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
    "oui non peut doit faut va aller veut dire savoir ici là cela ceci celui celle ceux dès abord autour entre hors parmi "
    "uniquement environ près plutôt même mêmes tel telle plus moins mieux notion fois "
    "quelqu personne personnes autrui façons manières lieu droit voir voit rendre rend abord voie mesure base possibilité "
    "mettre met donne donnent naissance chacun chacune dresse devait devaient "
    "finalement avant après before after vient venait désormais "
    "actuellement fins partir ici-là procéder procède intéressé objet "
    "outil page article exemple exemples intervenant intervenante invité invitée interrogé interrogée orateur locuteur "
    "période époque moment autrefois jadis ensemble élément éléments montant somme atteint vaut valent lié liée liés liées "
    "text document author says said states stated explains according source mentions describes called means named answer "
    "also however thus yes one"
)

# Verbs that bind a subject to what is told of it, in any tense: « se tiendra » for « aura lieu ».
_BINDING = frozenset(
    _STEM(fold(form))
    for form in (
        "tenir tient tenu tiendra tiennent élever élève élèvent porter porte portent reposer repose reposent figurer "
        "figure figurent remonter remonte remontent dater date datent compter compte comptent prendre prend prennent pris "
        "prise prendra mettre met mettent mis mise placer placé placée fixer fixe fixé fixée effectuer effectue effectué "
        "effectuait connaître connaît connu connaissait jouer joue jouent joué provenir provient proviennent viser vise "
        "visent servir sert servent disposer dispose disposent posséder possède obtenir obtient obtenu obtenue recevoir "
        "reçoit reçu reçue devenir devenu devenue demeurer demeure rester reste falloir faudrait convenir convient "
        "correspondre correspond offrir offre fournir fournit intervenir intervient dérouler déroule déroulé appartenir "
        "appartient relever relève composer compose composé composée comporter comporte former forme formé formée "
        "attester atteste attesté attestée surnommer surnomme surnommé surnommée intituler intitule intitulé qualifier "
        "qualifie qualifié définir définit défini considérer considère considéré citer cite cité citée lister liste "
        "consulter consulte commencer commence commencent débuter débute opérer opère comprendre exprimer exprime "
        "expriment proviennent appeler appelle situer situé située trouver localiser occuper occupe aller allait arriver "
        "arrive"
    ).split()
)


def binds(stems: tuple[str, ...]) -> bool:
    """Whether a word, by one of its stems, is a verb that says nothing of its own."""
    return not _BINDING.isdisjoint(stems)


# What a number measures, where its unit tells as much; none of them stands for another.
ATTRIBUTES = _folded(
    "longueur hauteur largeur taille superficie surface distance durée âge poids vitesse pèse pèsent dure durent long longue "
    "haut haute length height weighs lasts"
)
PRICES = _folded("prix coût coûts tarif coûte coûtent coûtait coûtaient price cost costs")
# « La Vouivre est parue en 1941 » for « La Vouivre (1941) ».
PUBLISHED = _folded(
    "paru parue parus parues paraît publié publiée publiés publiées sorti sortie sortis sorties published"
)
