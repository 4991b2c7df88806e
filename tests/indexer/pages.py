"""Pages written for the tests, in the style of many sites, with what is to become of each line told in its margin.

``+`` prose: it must be indexed. ``#`` a title or heading: it must travel with what it heads, or be indexed.
``-`` what the page shows around its text: it must be nowhere. ``~`` does not matter (a date, an author, a doubtful line).
The two characters of the margin are no part of the page.
"""

NEWS_PAYWALL = """\
- Menu
- Se connecter
- S’abonner
- Accueil > Économie > Logement
# Pourquoi les loyers augmentent encore dans les villes moyennes
~ Par Claire Martin
~ Publié le 12 mars 2023 à 08h15, mis à jour le 13 mars 2023
- Partager
- Partager sur Facebook
- Lecture 4 min.
+ Depuis deux ans, les loyers des villes moyennes progressent plus vite que ceux des métropoles, selon une étude publiée mardi.

+ Les agences interrogées décrivent une file de candidats pour chaque logement mis sur le marché, et des dossiers de plus en plus solides.

# Des propriétaires prudents

+ « Nous préférons attendre », explique un bailleur de la région. « Les travaux coûtent trop cher. »

+ Résultat : l’offre recule.

- Il vous reste 65 % de cet article à lire. La suite est réservée aux abonnés.
- Abonnez-vous pour lire la suite
- À partir de 1 € le premier mois, sans engagement
- Déjà abonné ? Connectez-vous
- Lire aussi : Le logement social en panne
- Les plus lus
- Newsletters
- Mentions légales
- Politique de confidentialité
- © 2023 Le Courrier des villes – Tous droits réservés
"""

BLOG = """\
- Aller au contenu
- Accueil
- À propos
- Contact
# Trois semaines à vélo le long de la Loire
~ Publié par Hélène le 4 septembre 2021
+ Nous sommes partis de Nevers un lundi matin, sous une pluie fine qui n’a cessé qu’à Gien.

+ Le chemin est plat, bien balisé, et les gîtes sont nombreux si l’on réserve assez tôt.

# Ce que nous avons emporté

+ • Une tente légère et deux sacs de couchage.
+ • Des sacoches étanches, indispensables par temps de pluie.
+ • Une trousse de réparation.

+ Tout tenait dans quatre sacoches. C’était bien assez.

- Partager :
- Facebook
- Twitter
- WhatsApp
- J’aime ça :
- 7 commentaires
- Laisser un commentaire
- Votre adresse e-mail ne sera pas publiée.
- Articles similaires
- Suivez-nous sur Instagram
"""

FORUM = """\
- Accueil » Forum » Jardin
- S’inscrire | Se connecter
# Mes tomates ont des taches noires - 12 réponses
+ Bonjour, depuis une semaine les feuilles de mes tomates se couvrent de taches noires. Que dois-je faire ?
# Quand tailler un olivier en pot ? - 3 réponses
+ Mon olivier a quatre ans et n’a jamais été taillé. On me dit de le faire en mars, d’autres en novembre.
# Paillage et limaces - 1 réponse
+ Le paillage attire les limaces chez moi, surtout après la pluie. Est-ce que la cendre suffit pour les éloigner ?
# Récupérer l’eau de pluie - 25 réponses
+ Je cherche une cuve de mille litres qui ne soit pas trop laide et que l’on puisse cacher derrière une haie.
- Page 1 sur 14
- Suivant »
"""

SPIP_MAGAZINE = """\
- Accueil du site > Dossiers > Travail
- Rechercher :
# Une histoire des cantines d’usine
~ samedi 3 mai 2014, par Jeanne Roux
+ La cantine d’usine naît avec la grande industrie, quand la distance entre le logement et l’atelier interdit de rentrer déjeuner.

+ Elle devient un droit après la guerre, sous le contrôle des comités d’entreprise.

# Le repas comme enjeu
+ Manger ensemble n’a rien d’anodin. À table se nouent des amitiés, se préparent des grèves, se disent les accidents que l’atelier tait.

~ Notes
+ [1] Voir les archives de la Compagnie, carton 12.
- Répondre à cet article
- Imprimer
- Envoyer à un ami
- Plan du site | Contact | RSS 2.0
"""

COOKIES = """\
- Nous utilisons des cookies pour améliorer votre expérience et mesurer l’audience. Vous pouvez accepter ou refuser.
- Tout accepter
- Tout refuser
- Paramétrer mes choix
- Menu
# Le retour du castor
+ Chassé pendant des siècles pour sa fourrure, le castor a presque disparu des rivières de France au début du XXe siècle.

+ Une douzaine de lâchers plus tard, il occupe de nouveau la Loire et ses affluents, où il abat saules et peupliers.

+ Les riverains s’y habituent.
- En savoir plus sur notre politique de confidentialité
"""

TOWN_HALL = """\
- Accueil
- Ma ville
- Mes démarches
- Vous êtes ici : Accueil > Mes démarches > Carte d’identité
# Demander une carte d’identité
+ La demande de carte d’identité se fait à la mairie, sur rendez-vous, avec un justificatif de domicile de moins d’un an.

# Horaires et tarif

+ Horaires : 9 h – 12 h et 14 h – 17 h, du lundi au vendredi.
+ Le samedi : 9 h – 12 h
+ Tarif : gratuit, ou 25 € en cas de perte.
+ Téléphone : 02 41 00 00 00

+ Le délai d’obtention est de six semaines environ. Il peut être plus long avant l’été.

# Pièces à fournir

+ - une photographie de moins de six mois
+ - un justificatif de domicile
+ - l’ancienne carte

+ La présence de l’enfant est obligatoire lors du dépôt du dossier.

- Retour
- Plan du site
- Mentions légales
"""

POEM = """\
# Chanson du batelier

+ Je descends le fleuve lent,
+ Mon bateau sans voile,
+ Je compte en dormant
+ Les vieilles étoiles.

+ Le vent parle bas,
+ L’eau ne répond guère,
+ Je vais à petits pas
+ Vers la mer entière.
"""

FAQ = """\
- Accueil
~ Foire aux questions
# Questions fréquentes

# Puis-je annuler ma commande ?
+ Oui, tant qu’elle n’est pas partie.

# Quels sont les délais de livraison ?
+ Trois jours ouvrés en France.

# Comment suivre mon colis ?
+ Un numéro de suivi vous est envoyé par courriel le jour du départ, avec l’adresse du transporteur.

# Et si le colis est abîmé ?
+ Refusez-le.
+ Puis écrivez-nous.

- Contactez-nous
- Conditions générales de vente
"""

INTERVIEW = """\
# « Le silence est une matière »
~ Propos recueillis par Anne Petit
+ La compositrice Lucie Garnier publie un disque enregistré dans une carrière abandonnée. Elle raconte comment le lieu a changé sa musique.

+ Pourquoi une carrière ?

+ Lucie Garnier : Parce que le son y met onze secondes à mourir.

+ C’est long.

+ Lucie Garnier : C’est une éternité. On apprend à jouer moins, à écouter ce qui reste d’une note quand on croit qu’elle est finie.

+ Et le froid ?

+ On s’habitue.
"""

RECIPE = """\
- Accueil › Recettes › Desserts
# Riz au lait à la vanille
~ Pour 4 personnes
# Ingrédients
+ - 1 litre de lait entier
+ - 120 g de riz rond
+ - 80 g de sucre
+ - 1 gousse de vanille
# Préparation
+ 1. Versez le lait dans une casserole.
+ 2. Ajoutez la gousse fendue et portez à ébullition.
+ 3. Jetez le riz en pluie et laissez cuire à feu très doux pendant quarante minutes, en remuant souvent.
+ 4. Ajoutez le sucre hors du feu.
+ 5. Servez tiède.
- 24 commentaires
- Imprimer la recette
- Partager
"""

LAW = """\
# Titre II : Du contrat de travail

# Article 12

+ La durée légale du travail effectif est fixée à trente-cinq heures par semaine.

# Article 13

+ Le salarié bénéficie de onze heures de repos entre deux journées.
+ Le repos hebdomadaire est donné le dimanche.

# Article 14

+ I. – L’employeur affiche les horaires.
+ II. – Il tient un registre.

# Article 15

+ Les heures accomplies au-delà de la durée légale sont des heures supplémentaires ; elles donnent lieu à une majoration de salaire de 25 %.
"""

MINUTES = """\
# Compte rendu de la réunion du 14 janvier 2020

~ Présents : Mme Durand, M. Petit, Mme Lopez
~ Excusé : M. Faure

# 1. Travaux de l’école

+ Mme Durand présente le devis de la toiture, qui dépasse de 8 % l’enveloppe votée en octobre.

+ • Le devis est accepté à l’unanimité.
+ • Les travaux commenceront en avril
+ • Coût : 84 000 €

# 2. Cantine

+ • Hausse du prix du repas
+ • Nouveau marché à lancer avant juin

+ M. Petit demande que les parents soient consultés avant toute hausse du prix du repas.

+ La séance est levée à 20 h 30.
"""

NOTE = """\
+ Le local à vélos ferme à 20 h.
+ La clé est chez la gardienne.
"""

ENGLISH = """\
- Skip to main content
- Home
- Sign in
- Subscribe
# How the canal was dug
~ By John Smith
~ Published on March 3, 2019
- Share
+ The canal was dug by hand over eleven years, by men who came from all over the county for the wages.

+ It never paid its way. By the time the last lock was finished, the railway had already reached the town.

+ Today it is a quiet place.

- 3 comments
- Read more
- Related articles
- Privacy policy
- Powered by WordPress
"""

TRAINING = """\
# Formation à la conduite d’engins

+ Cette formation s’adresse aux salariés qui conduisent un engin de chantier et qui doivent renouveler leur certificat.

# Module 1 (14 heures)
+ Le stagiaire apprend à vérifier son engin avant la prise de poste et à lire une notice.
# Module 2 (7 heures)
+ Le stagiaire apprend à lever une charge et à la poser sans danger pour ceux qui l’entourent.
# Module 3 (3 heures)
+ Un examen blanc prépare aux épreuves, qui ont lieu le lendemain sur le même plateau.

+ Le centre accueille douze stagiaires au plus par session, et prête les équipements de protection.
"""

PRICES = """\
# La piscine des Tilleuls

+ La piscine est ouverte toute l’année, sauf la deuxième semaine de septembre où l’on vide les bassins.

# Tarifs

+ - Adulte - 5 euros
+ - Enfant - 3 euros
+ - Étudiant - 4 euros

+ Le bonnet de bain est obligatoire et l’on en prête à l’accueil contre une pièce d’identité.
"""

SHORT_STORY = """\
# La lampe

+ La nuit était tombée depuis longtemps quand il poussa la porte de la maison.

+ — Qui est là ?

+ — Moi.

+ — Entre.

+ Il entra. La lampe brûlait encore sur la table, et personne n’avait touché au pain qu’il avait laissé le matin.

+ — Tu as mangé ?

+ — Non.
"""

LETTER = """\
~ Nantes, le 3 février 2022
~ Madame, Monsieur,

+ Nous avons bien reçu votre demande de résiliation et nous vous en remercions.

+ Votre abonnement prendra fin le 31 mars.

+ Pour toute question, vous pouvez nous écrire par e-mail ou nous appeler au 01 23 45 67 89.

~ Veuillez agréer, Madame, Monsieur, nos salutations distinguées.
~ Le service des abonnements
"""

MANUAL = """\
~ Changer son mot de passe

+ Le mot de passe se change depuis la page du compte, à tout moment, sans l’aide du service informatique.

+ Connectez-vous à votre compte, puis cliquez sur le menu Paramètres.

+ Saisissez l’ancien mot de passe, puis le nouveau, et cliquez sur Valider.

+ Un e-mail vous est envoyé. Cliquez sur le lien qu’il contient.

~ Mot de passe oublié

+ Cliquez sur « Mot de passe oublié ».

+ Si vous ne recevez rien, contactez le service informatique, qui vérifiera que votre adresse est la bonne.
"""

CHRONOLOGY = """\
# La ligne de tramway en dates

+ La ligne a mis près d’un siècle à revenir, au gré des majorités municipales et des emprunts accordés par l’État.

+ Le 4 mai 1902 : ouverture de la première ligne
+ 12 juin 1936 : la compagnie est rachetée par la ville
+ Le 31 décembre 1949, dernier voyage
+ 1985 : premier projet de retour
+ Concert d’inauguration le 12 mars 1999

+ Elle transporte aujourd’hui quarante mille voyageurs par jour, deux fois plus que ce que l’on attendait à l’origine.
"""

GLOSSARY = """\
- Accueil > Lexique
# Lexique du logement

+ Bail : contrat par lequel un propriétaire laisse l’usage d’un logement à un locataire contre un loyer.

+ Caution : personne qui s’engage à payer à la place du locataire.

+ Préavis : délai à respecter avant de partir.

+ État des lieux : description du logement.
"""

ASSOCIATION = """\
- Accueil
- Qui sommes-nous ?
- Faire un don
- Devenir bénévole
# Notre action auprès des familles
+ Depuis 1987, l’association accompagne les familles qui vivent à l’hôtel, de la recherche d’un logement à l’inscription des enfants à l’école.

+ Nos bénévoles tiennent une permanence le mardi et le jeudi.

+ L’accueil est gratuit et sans rendez-vous.

+ En 2022, 412 familles ont été reçues.

- Faites un don
- 66 % de votre don est déductible de vos impôts
- Suivez-nous sur Facebook
- Inscrivez-vous à notre newsletter
- Votre e-mail
- S’inscrire
- Mentions légales | Crédits | Plan du site
"""

PRODUCT = """\
- Accueil / Outillage / Perceuses
- Panier (0)
~ Perceuse sans fil 18 V
~ 4,5 (123 avis)
~ 89,90 €
- Ajouter au panier
+ Cette perceuse légère convient aux petits travaux de la maison, dans le bois, le métal et la brique creuse.

# Caractéristiques

+ • Tension : 18 V
+ • Poids : 1,3 kg
+ • Autonomie : 45 min

+ La batterie se recharge en une heure et tient la charge pendant plusieurs mois lorsque l’outil n’est pas utilisé.

- Vous aimerez aussi
- Livraison gratuite à partir de 50 €
- 30 résultats
- Page suivante >
"""

WRAPPED = """\
# Rapport sur l’état des ponts

+ La commune entretient quatorze ponts, dont neuf datent d’avant 1950.
+ Trois d’entre eux ont été fermés aux poids lourds à la suite d’une
+ inspection menée au printemps, et deux autres font l’objet d’une
+ surveillance renforcée depuis que des fissures y ont été relevées.

+ Le coût des réparations est estimé à deux millions d’euros, que la
+ commune ne peut avancer seule. Une demande de subvention a été faite
+ au département, qui rendra sa réponse avant la fin de l’année.
"""

PAGES = {name.lower(): page for name, page in dict(vars()).items() if name.isupper() and isinstance(page, str)}
