"""What a page shows around its text: menus, buttons, counters, breadcrumbs, datelines, calls to action.

Judged by form and by the vocabulary of interfaces, never by the words of one site. After jusText (Pomikálek 2011):
each block is judged by its length, the share of function words and its end; its neighbours decide the doubtful ones.
"""

import re
from enum import Enum

from indexer.analysis import fold
from indexer.dates import find_date
from indexer.stopwords import ENGLISH_STOP_WORDS, FRENCH_STOP_WORDS

_FUNCTION_WORDS = frozenset(fold(word) for word in FRENCH_STOP_WORDS | ENGLISH_STOP_WORDS) | set(
    "a d l c s qu j n".split()
)
_WORD = re.compile(r"[^\W_]+")
_LONGEST_TITLE = 20  # words

# « 3 commentaires », « ...42 more annotations... », « (12 vues) », « 1,2 k partages »
_COUNTER = re.compile(r"^\W*\d[\d\s.,]*k?\s*(?:[^\W\d_]+\s*){1,3}\W*$")
COUNTED = frozenset(
    "vue vues view views commentaire commentaires comment comments partage partages share shares annotation annotations "
    "reponse reponses reply replies like likes vote votes point points avis abonnes followers lectures lecture reads "
    "resultat resultats result results element elements item items page pages minute minutes min message messages "
    "reaction reactions contribution contributions fois telechargements downloads tweets retweets favoris".split()
)
# « Lecture 4 min. », « Temps de lecture : 4 minutes »
_READING_TIME = re.compile(r"^\W*(?:(?:temps|duree) de )?(?:lecture|reading(?: time)?)\W*\d+\s*min(?:utes?)?\W*$")
# « 1 - 20 of 64 Next › Last », « Page 2 sur 12 », « « 1 2 3 … 9 » »
_PAGINATION = re.compile(
    r"\d+\s*(?:[-–—]|à|to)\s*\d+\s+(?:of|sur|de)\s+\d+|\bpage\s+\d+\s*(?:/|sur|of|de)\s*\d+|^\W*(?:\d+\W+){3,}\w*\W*$"
    r"|(?:suivant|precedent|next|previous|last|first|dernier)\w*\s*[›»>→]|[‹«<←]\s*(?:suivant|precedent|next|prev|first)",
    re.IGNORECASE,
)
_BREADCRUMB = re.compile(r"\s*[>/›»|→·]\s+")
_BYLINE = re.compile(
    r"^(?:(?:publie|ecrit|propos recueillis|recueilli|redige|poste|posted|written|publi\w*)\s+(?:le .{6,40} )?)?(?:par|by)\s+\S",
)
_NAME = r"(?:(?:de|du|des|la|le|van|von|et|and)\s+){0,2}(?:d['’])?[A-ZÀ-Þ][\w'’.\-]*"
_AUTHOR = re.compile(rf"\b(?:[Pp]ar|PAR|[Bb]y|BY)\s+({_NAME}(?:\s+{_NAME}){{0,5}})")
# What stands around the date of a dateline: « Publié le jeudi 3 mai à 8 h 15, mis à jour le 4 mai »
_DATELINE = frozenset(
    "publie publiee mis mise a jour modifie modifiee poste postee ecrit redige cree posted published updated last on at "
    "le la du en date derniere modification mise ligne h min lundi mardi mercredi jeudi vendredi samedi dimanche monday "
    "tuesday wednesday thursday friday saturday sunday janvier fevrier mars avril mai juin juillet aout septembre octobre "
    "novembre decembre janv fevr avr juil sept oct nov dec january february march april may june july august september "
    "october november december jan feb apr jun jul aug sep er st nd rd th".split()
)
_PLACE_AND_DATE = re.compile(r"^[^\W\d]+(?:[ -][^\W\d]+){0,3}, (?:le )?\d")  # « Nantes, le 3 février 2022 »
_UNFINISHED = re.compile(r"(?:\.{2,}|…)\W*$")
_TERMINAL = re.compile(r"[.!?…][\s\u00a0\u202f]*(?:\[\d{1,3}\])?[»”\"’')\]\s\u00a0\u202f]*$")
# « Tarif : 45 € », « Horaires : 9 h – 17 h »: a fact without a verb
_LABELLED = re.compile(r"^[^\W\d][^:]{1,40}[\s\u00a0\u202f]?:[\s\u00a0\u202f]+[^:]*\d")

_ADDRESS = re.compile(r"(?<!\S)[^\s@]{1,100}@\S+|\b(?:https?://|www\.)\S+")
# « 9h00 Accueil des participants », « Contact : Mme Colin, 06 … »: said of an hour, a price, a number or a day
_FACT = re.compile(r"^\d{1,2}\s?(?:h|:)\s?\d{0,2}\b|\d\s?€|\b0\d(?:[ .]?\d\d){4}|\bavant le \d")

# The vocabulary of interfaces, folded. One sign alone decides nothing in a long paragraph.
_SIGNS = re.compile(
    r"\b(?:s'abonner|abonnez|abonne[es]?|abonnement|connectez|se connecter|connexion|deconnexion|identifiez|s'identifier"
    r"|s'inscrire|inscri(?:vez|ption)|newsletter|infolettre|cliqu(?:ez|ant|er)|lien (?:suivant|ci-dessous)|ci-dessous"
    r"|en savoir plus|lire la suite|lisez la suite|lire aussi|lire egalement|a lire|voir aussi|voir plus|a decouvrir"
    r"|partag(?:er|ez)|tweeter|imprimer|envoyer a un ami|par e-?mail|votre (?:adresse )?e-?mail|votre (?:cv|panier|compte)"
    r"|laisse[rz] un commentaire|commenter|reagir|repondre|tapez|pressez|appuyez|saisissez|recherche[rz]|panier|mot de passe"
    r"|mentions legales|politique de confidentialite|conditions generales|cookies?|accepter|refuser|parametrer"
    r"|tous droits reserves|copyright|plan du site|aller au contenu|skip to|main content|menu|accueil|home|contact"
    r"|articles? (?:recents?|similaires?|precedents?|suivants?|lies)|sur le meme (?:sujet|theme)|plus lus"
    r"|telecharg(?:er|ez)|gratuitement|sans engagement|sans publicite|a partir de \d+|acces illimite|essai|offre|promo"
    r"|soutenez|faites un don|faire un don|non merci|profitez|recevez|decouvrez|rejoignez|suivez-nous|evaluer|transmettez"
    r"|rss|feed|next|previous|subscribe|sign (?:in|up)|log ?in|read more|share|powered by|items? (?:tagged|per page)"
    r"|facebook|twitter|linkedin|instagram|youtube|whatsapp|pinterest|e-?mail)\b"
)
# Signs that prose uses too. In a whole sentence they are no sign; a whole sentence among chrome is judged there.
_ORDINARY = re.compile(
    r"(?:abonne[es]?|abonnement|inscription|connexion|deconnexion|panier|menu|accueil|contact|essai|offre|accepter|refuser"
    r"|repondre|reagir|rechercher?|partager|imprimer|commenter|telecharg(?:er|ez)|evaluer|connectez|inscrivez|identifiez"
    r"|se connecter|s'identifier|s'inscrire|s'abonner|cliqu(?:ez|ant|er)|tapez|pressez|appuyez|saisissez|mot de passe"
    r"|votre compte|ci-dessous|par e-?mail|e-?mail|gratuitement|decouvrez|cookies?|parametrer|youtube|facebook|twitter"
    r"|linkedin|instagram|whatsapp|pinterest|home|next|previous|share|feed|subscribe|sign (?:in|up)|log ?in)"
)
# What a site says of itself, in whole sentences: « Nous utilisons des cookies … », « Il vous reste 65 % de cet article »
_NOTICE = re.compile(
    r"\b(?:nous|ce site|notre site|we|this (?:web)?site)\b[^.]{0,60}\bcookies\b|\bil vous reste \d+\s*%"
    r"|\b(?:suite|article|contenu)\b[^.]{0,30}\breserve[es]* aux abonne"
)
_IMPERATIVE = re.compile(r"^\W*(?:[a-z]+ez|ne [a-z]+ez)(?:-(?:nous|vous|moi|le|la|les|y|en))?\b")


class Verdict(Enum):
    """What a block looks like by itself."""

    GOOD = "prose"
    NEAR = "short sentence"
    SHORT = "no sentence: a heading, or a menu"
    BYLINE = "date or author"
    BAD = "chrome"


def judge(text: str, *, item: bool) -> Verdict:
    """What one block of a text looks like, its neighbours unseen. ``item``: it stood behind a bullet."""
    plain = fold(text)
    words = _WORD.findall(plain)
    if not any(len(word) > 1 and not word.isdigit() for word in words):
        return Verdict.BAD
    terminal = bool(_TERMINAL.search(text)) and not (_UNFINISHED.search(text) and len(words) < 8)
    if (len(words) < 40 and _NOTICE.search(plain)) or is_counter(text):
        return Verdict.BAD
    if len(words) <= 14 and not terminal and _PAGINATION.search(plain):
        return Verdict.BAD
    if is_byline(text):
        return Verdict.BYLINE
    if not item and not terminal and is_breadcrumb(text):
        return Verdict.BAD
    found = set(_SIGNS.findall(_ADDRESS.sub(" ", plain)))
    plainly = terminal or bool(_FACT.search(text))
    signs = sum(not (plainly and _ORDINARY.fullmatch(sign)) for sign in found)
    if signs and _IMPERATIVE.search(plain):
        signs += 1
    if signs and len(words) <= (7 if terminal else 14) and signs * 8 >= len(words):
        return Verdict.BAD
    if signs >= (3 if terminal and len(words) >= 12 else 2) and signs * 8 >= len(words):
        return Verdict.BAD
    density = sum(word in _FUNCTION_WORDS for word in words) / len(words)
    if (len(words) >= 15 and density >= 0.2) or (len(words) >= 8 and terminal and density >= 0.15) or len(words) >= 40:
        return Verdict.GOOD
    if terminal or len(words) > _LONGEST_TITLE or _LABELLED.search(text) or text.rstrip().endswith(":") or item:
        return Verdict.NEAR
    return Verdict.SHORT


def calls_to_action(text: str) -> bool:
    """Whether a block speaks the language of interfaces at all: among chrome, that is enough."""
    plain = fold(text)
    return bool(_SIGNS.search(plain))


def is_counter(text: str) -> bool:
    """« 3 commentaires », « ...42 more annotations... »: a number and what the page counts, nothing else."""
    plain = fold(text)
    words = _WORD.findall(plain)
    if len(words) > 6:
        return False
    return bool(_READING_TIME.match(plain) or (_COUNTER.match(plain) and COUNTED.intersection(words)))


def is_breadcrumb(text: str) -> bool:
    """« Accueil > Réflexions > Titre »: at least three short parts between the same kind of sign, no sentence."""
    parts = [part for part in _BREADCRUMB.split(text) if part.strip()]
    return len(parts) >= 3 and len(_WORD.findall(text)) <= 25 and all(len(_WORD.findall(part)) <= 14 for part in parts)


def is_byline(text: str) -> bool:
    """« publié le 30/06/2024 Par Laurent Ottavi »: a short line that tells date or author and is no sentence."""
    plain = fold(text).strip()
    words = _WORD.findall(plain)
    if len(words) > 18 or _TERMINAL.search(text):
        return False
    if find_author(text) and len(words) <= 8 and _BYLINE.match(plain):
        return True
    if find_date(text) is None:
        return False
    if find_author(text) is not None or _PLACE_AND_DATE.match(text):
        return True
    return not any(word.isalpha() and word not in _DATELINE for word in words)


def find_author(text: str) -> str | None:
    """The name behind « par » in a byline."""
    match = _AUTHOR.search(text)
    return match.group(1).strip() if match else None
