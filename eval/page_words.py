"""What the page says, in French and in English: words, numbers, names of kinds and stages, what each measure is."""

import datetime
import math
import re
from dataclasses import dataclass

from eval.measures import Measure

_MINUS, _THIN, _FIXED = "\u2212", "\u202f", "\u00a0"  # minus; spaces at which no line breaks
_SPACED = re.compile(r"(?<=«) | (?=[»;:?!%])")  # spaces of French punctuation
_MONTHS = {
    "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre".split(),
    "en": "January February March April May June July August September October November December".split(),
}
_WORDS = {
    "fr": {
        "title": "Évaluation « {name} »", "against": "Évaluation « {name} », comparée à « {before} »",
        "skip": "Aller au contenu", "contents": "Sommaire", "gold": "Questions", "date": "Date", "index": "Index",
        "model": "Modèle ({role})", "compared_to": "Comparée à",
        "counted": "{n} questions, dont {yes} ont leur réponse dans les textes et {no} ne l’ont pas ; {texts} textes.",
        "summary": "En bref", "measures": "Mesures", "kinds": "Par genre de question", "curve": "Réponses et justesse",
        "times": "Durées", "worst": "Les pires questions", "comparison": "Comparaison", "every": "Toutes les questions",
        "glossary": "Ce que disent les mesures",
        "interval_note": "Entre crochets et en moustaches : l’intervalle à 95 %, par rééchantillonnage des textes (mille "
        "tirages). Sans moustache : un seul texte, qui n’apprend rien de la dispersion.",
        "all": "toutes", "tune": "réglage", "untouched": "à l’écart", "figures": "Les chiffres", "measure": "Mesure",
        "kind": "Genre", "n": "n", "lower": "moins, c’est mieux", "became": "Ce que les questions sont devenues",
        "became_desc": "Une barre par genre, coupée selon le nombre de questions bien traitées, traitées en partie, "
        "refusées à tort, et auxquelles il a été répondu à tort.",
        "p0": "bien : réponse entière, ou refus mérité", "p1": "en partie", "p2": "refus à tort",
        "p3": "à côté : mauvaise citation, ou réponse à ce qui n’en a pas", "good": "{n} bien sur {total}",
        "plot_desc": "Une barre par mesure et par partie ({series}), avec son intervalle à 95 %.",
        "kind_desc": "Une barre par genre de question et par partie ({series}), avec son intervalle à 95 %.",
        "retrieval": "Recherche des passages", "quoting": "Preuves montrées", "citing": "Renvois et réponse",
        "refusing": "Refus", "verifying": "Garanties",
        "answer_rate": "part des questions auxquelles il est répondu", "accuracy": "part de réponses justes",
        "curve_desc": "La part de réponses justes, à mesure que le seuil de refus s’abaisse et que l’on répond à plus de "
        "questions, des plus sûres aux moins sûres. Le point est le seuil en service : {answered} de réponses, "
        "{accuracy} justes.",
        "threshold": "Seuil", "in_service": "seuil en service", "rate": "Part répondue", "before_line": "« {name} », toutes",
        "stage": "Étape", "by_stage": "Durée d’une question, par étape", "by_rate": "Justesse selon la part répondue",
        "steps": "Ouverture et mémoire", "cold": "À froid (ms)", "warm": "À chaud, médiane (ms)", "slow": "À chaud, 95 % (ms)",
        "key_warm": "médiane à chaud", "key_slow": "jusqu’au 95e centile", "key_cold": "première question, à froid",
        "times_desc": "Pour chaque étape, la durée médiane d’une question à chaud, le 95e centile, et la durée de la "
        "première question.",
        "no_costs": "Les durées de cette évaluation n’ont pas été classées avec elle.",
        "opening": "Ouverture de l’index et des modèles", "first": "Première question", "memory": "Mémoire, au plus",
        "ms": "{n} ms", "megabytes": "{n} Mo", "step": "Repère", "of_before": "{what}, « {name} »",
        "worst_note": "Les plus graves d’abord : ce qui a été affirmé à tort avec le plus d’assurance. ",
        "hidden": "{n} questions de la partie tenue à l’écart ont aussi été manquées. Leur texte n’est pas montré : qui les "
        "lirait ne pourrait plus s’en servir pour juger.",
        "hidden_changes": "{n} réponses changées de la partie tenue à l’écart ne sont pas montrées.",
        "none_wrong": "Aucune question manquée.", "cut": "{shown} montrées sur {n}.",
        "false_answer": "Réponses à des questions sans réponse", "wrong_quote": "Mauvaises citations",
        "false_refusal": "Refus à tort", "partial": "Réponses en partie",
        "shown": "Montré", "expected": "Attendu", "nothing_expected": "Rien dans les textes n’y répond.",
        "confidence": "confiance", "asked_before": "Demandé avant : {questions}", "drafted": "Réponse rédigée",
        "refused": "Refus. Au plus près :", "refused_only": "Refus.", "right": "✓ attendu", "wrong": "✗ non attendu",
        "held": "✓ dit", "missing": "✗ pas dit", "facts": "Faits attendus",
        "passages": "Les {n} premiers passages trouvés", "relevant_at": "l’attendu est au rang {rank}",
        "relevant_nowhere": "l’attendu n’y est pas", "relevant": "contient l’attendu", "rank": "Rang {rank}",
        "place": "{path}, caractères {start} à {end}", "mark_gold": "attendu", "mark_shown": "montré",
        "legend_marks": "Surligné dans les textes :", "text": "texte", "split": "Partie", "id": "Question",
        "status": "Issue", "wording": "Énoncé", "withheld": "(à l’écart)", "confidence_head": "Confiance",
        "right_outcome": "bien", "status_false_answer": "réponse à tort", "status_wrong_quote": "mauvaise citation",
        "status_false_refusal": "refus à tort", "status_partial": "en partie",
        "paired": "{n} questions comparées, celles dont l’énoncé et les passages sont les mêmes dans les deux.",
        "apart": "Sans vis-à-vis : {ids}.", "differences": "Écarts, de « {before} » à « {after} »",
        "difference": "Écart", "interval": "Intervalle à 95 %", "verdict": "Sens", "better": "▲ mieux", "worse": "▼ pire",
        "even": "indécis",
        "same": "inchangé", "difference_desc": "Une barre par mesure, de zéro à l’écart, avec l’intervalle apparié à 95 %.",
        "flips": "Questions qui ont basculé (test de McNemar)", "in_better": "En mieux", "in_worse": "En pire", "p": "p",
        "time": "Durée",
        "changes": "Réponses changées", "change_better": "en mieux", "change_worse": "en pire", "change_other": "autre",
        "no_changes": "Aucune réponse n’a changé.", "nothing": "–", "made": "Page faite par {command}.",
        "scroll": "{caption} (se fait défiler)", "colon": " : ",
    },
    "en": {
        "title": "Evaluation “{name}”", "against": "Evaluation “{name}”, compared with “{before}”",
        "skip": "Skip to content", "contents": "Contents", "gold": "Questions", "date": "Date", "index": "Index",
        "model": "Model ({role})", "compared_to": "Compared with",
        "counted": "{n} questions: {yes} have their answer in the texts, {no} have not; {texts} texts.",
        "summary": "In short", "measures": "Measures", "kinds": "By kind of question", "curve": "Answers and accuracy",
        "times": "Times", "worst": "The worst questions", "comparison": "Comparison", "every": "All questions",
        "glossary": "What the measures say",
        "interval_note": "In brackets and as whiskers: the 95% interval, by bootstrap over texts (a thousand resamples). "
        "No whisker: a single text, which says nothing of the spread.",
        "all": "all", "tune": "tune", "untouched": "untouched", "figures": "The figures", "measure": "Measure",
        "kind": "Kind", "n": "n", "lower": "less is better", "became": "What became of the questions",
        "became_desc": "A bar for each kind, cut by the number of questions dealt with well, in part, refused wrongly, and "
        "answered wrongly.",
        "p0": "well: whole answer, or due refusal", "p1": "in part", "p2": "refused wrongly",
        "p3": "astray: wrong quote, or an answer to what has none", "good": "{n} well of {total}",
        "plot_desc": "A bar for each measure and split ({series}), with its 95% interval.",
        "kind_desc": "A bar for each kind of question and split ({series}), with its 95% interval.",
        "retrieval": "Retrieval of passages", "quoting": "Evidence shown", "citing": "Citations and answer",
        "refusing": "Refusal", "verifying": "Guarantees",
        "answer_rate": "share of questions answered", "accuracy": "share of right answers",
        "curve_desc": "The share of right answers as the threshold of refusal is lowered and more questions are answered, "
        "from the most confident on. The dot is the threshold in service: {answered} answered, {accuracy} right.",
        "threshold": "Threshold", "in_service": "threshold in service", "rate": "Share answered",
        "before_line": "“{name}”, all",
        "stage": "Stage", "by_stage": "Time of a question, by stage", "by_rate": "Accuracy by share answered",
        "steps": "Opening and memory", "cold": "Cold (ms)", "warm": "Warm, median (ms)", "slow": "Warm, 95% (ms)",
        "key_warm": "warm median", "key_slow": "up to the 95th percentile", "key_cold": "first question, cold",
        "times_desc": "For each stage the median time of a warm question, the 95th percentile, and the time of the first "
        "question.",
        "no_costs": "The times of this evaluation were not filed with it.",
        "opening": "Opening of index and models", "first": "First question", "memory": "Memory, at most",
        "ms": "{n} ms", "megabytes": "{n} MB", "step": "Step", "of_before": "{what}, “{name}”",
        "worst_note": "The gravest first: what was wrongly stated with most confidence. ",
        "hidden": "{n} questions of the untouched split were missed too. Their text is not shown: whoever read them could "
        "no longer judge by them.",
        "hidden_changes": "{n} changed answers of the untouched split are not shown.",
        "none_wrong": "No question was missed.", "cut": "{shown} shown of {n}.",
        "false_answer": "Answers to what has none", "wrong_quote": "Wrong quotes", "false_refusal": "False refusals",
        "partial": "Answers in part",
        "shown": "Shown", "expected": "Expected", "nothing_expected": "Nothing in the texts answers this.",
        "confidence": "confidence", "asked_before": "Asked before: {questions}", "drafted": "Drafted answer",
        "refused": "Refused. Nearest:", "refused_only": "Refused.", "right": "✓ expected", "wrong": "✗ not expected",
        "held": "✓ said", "missing": "✗ not said", "facts": "Facts expected",
        "passages": "The first {n} passages found", "relevant_at": "what is expected ranks {rank}",
        "relevant_nowhere": "what is expected is not among them", "relevant": "holds what is expected",
        "rank": "Rank {rank}", "place": "{path}, characters {start} to {end}", "mark_gold": "expected",
        "mark_shown": "shown", "legend_marks": "Highlighted in the texts:", "text": "text", "split": "Split",
        "id": "Question", "status": "Outcome", "wording": "Wording", "withheld": "(untouched)",
        "confidence_head": "Confidence", "right_outcome": "well", "status_false_answer": "wrongly answered",
        "status_wrong_quote": "wrong quote", "status_false_refusal": "wrongly refused", "status_partial": "in part",
        "paired": "{n} questions compared: those with the same wording and spans in both.",
        "apart": "Without a pair: {ids}.", "differences": "Differences, from “{before}” to “{after}”",
        "difference": "Difference", "interval": "95% interval", "verdict": "Verdict", "better": "▲ better",
        "worse": "▼ worse", "even": "open", "same": "unchanged",
        "difference_desc": "A bar for each measure, from zero to the difference, with its paired 95% interval.",
        "flips": "Questions that flipped (McNemar’s test)", "in_better": "Better", "in_worse": "Worse", "p": "p", "time": "Time",
        "changes": "Changed answers", "change_better": "better", "change_worse": "worse", "change_other": "other",
        "no_changes": "No answer has changed.", "nothing": "–", "made": "Page made by {command}.",
        "scroll": "{caption} (scrolls)", "colon": ": ",
    },
}  # fmt: skip
_KINDS = {
    "fact": "fait", "definition": "définition", "several": "plusieurs passages", "comparison": "comparaison",
    "follow_up": "suite d’un échange", "date": "date", "number": "nombre", "english": "en anglais",
    "other_language": "autre langue", "no_accents": "sans accents", "how": "comment", "why": "pourquoi",
    "paraphrase": "autres mots", "typo": "faute de frappe", "keywords": "mots-clés", "near_miss": "presque dit",
    "false_premise": "fausse prémisse", "off_topic": "hors sujet", "other_entity": "autre entité",
}  # fmt: skip
_STAGES = {
    "understand": "comprendre", "search": "chercher", "evidence": "trouver les preuves", "decide": "décider",
    "prove": "prouver", "draft": "rédiger", "total": "en tout",
}  # fmt: skip
_MEANINGS = {
    "fr": {
        "R@1": "Part des passages attendus qui sont trouvés au premier rang.",
        "R@5": "Part des passages attendus qui sont parmi les cinq premiers.",
        "R@10": "Part des passages attendus qui sont parmi les dix premiers.",
        "MRR@10": "Inverse du rang du premier passage attendu, parmi les dix premiers.",
        "nDCG@10": "Passages attendus parmi les dix premiers, qui comptent d’autant moins que leur rang est loin.",
        "MRR@10, dense leg": "Le même, au rang que donne le sens seul : ce que les mots et le lecteur rattrapent s’y voit.",
        "MRR@10, lexical leg": "Le même, au rang que donnent les mots seuls.",
        "evidence in first five": "Un passage qui répond est parmi les cinq premiers.",
        "right quote shown": "Une citation montrée partage avec le passage attendu la moitié du plus court des deux.",
        "first quote right": "La première citation montrée est attendue.",
        "whole answer shown": "Tout ce qu’il faut citer l’est.",
        "evidence precision": "Part des caractères cités qui étaient attendus.",
        "evidence recall": "Part des caractères attendus qui sont cités.",
        "citation recall": "Part des phrases de la réponse que leurs citations soutiennent, au jugement du vérificateur.",
        "citation precision": "Part des citations qui soutiennent leur phrase et y sont nécessaires.",
        "answer F1": "Mots communs à la réponse et aux faits attendus (F1 de SQuAD).",
        "fact recall": "Part des faits attendus que la réponse dit mot pour mot.",
        "false refusals": "Part des questions qui ont leur réponse et sont refusées.",
        "false answers": "Part des questions sans réponse auxquelles il est répondu.",
        "language of the answer": "La réponse est dans la langue de la question.",
        "citations verbatim": "Chaque citation se retrouve telle quelle dans son fichier.",
        "citations whole": "Aucune citation ne coupe un mot.",
        "quotes per answer": "Nombre de citations d’une réponse.",
        "answer rate–accuracy area": "Justesse moyenne, à mesure que l’on répond, des plus sûres aux moins sûres.",
    },
    "en": {
        "R@1": "Share of the expected passages that are found first.",
        "R@5": "Share of the expected passages that are among the first five.",
        "R@10": "Share of the expected passages that are among the first ten.",
        "MRR@10": "Reciprocal rank of the first expected passage among the first ten.",
        "nDCG@10": "Expected passages among the first ten, counting less the further down they rank.",
        "MRR@10, dense leg": "The same by the rank of the dense leg alone: what words and the reader make up for shows here.",
        "MRR@10, lexical leg": "The same by the rank of the lexical leg alone.",
        "evidence in first five": "A passage that answers is among the first five.",
        "right quote shown": "A quote shown shares with an expected span at least half of the shorter of the two.",
        "first quote right": "The first quote shown is expected.",
        "whole answer shown": "All that must be quoted is.",
        "evidence precision": "Share of the quoted characters that were expected.",
        "evidence recall": "Share of the expected characters that are quoted.",
        "citation recall": "Share of the answer’s sentences that their citations support, as the checker judges.",
        "citation precision": "Share of the citations that support their sentence and are needed for it.",
        "answer F1": "Words common to the answer and the expected facts (SQuAD’s F1).",
        "fact recall": "Share of the expected facts that the answer says word for word.",
        "false refusals": "Share of the answerable questions that are refused.",
        "false answers": "Share of the unanswerable questions that are answered.",
        "language of the answer": "The answer is in the question’s language.",
        "citations verbatim": "Every quote stands as it is in its file.",
        "citations whole": "No quote cuts a word.",
        "quotes per answer": "Number of quotes of an answer.",
        "answer rate–accuracy area": "Mean accuracy as questions are answered, from the most confident on.",
    },
}


@dataclass(frozen=True, slots=True)
class Words:
    """The page's words and numbers in ``lang``."""

    lang: str

    def __call__(self, word: str, **told: object) -> str:
        said = _WORDS[self.lang][word]
        if self.lang == "fr":
            said = _SPACED.sub(_FIXED, said)
        return said.format(**told) if told else said

    def measure(self, measure: Measure) -> str:
        return measure.fr if self.lang == "fr" else measure.name

    def meaning(self, measure: Measure) -> str:
        return _MEANINGS[self.lang][measure.name]

    def kind(self, kind: str) -> str:
        return (_KINDS.get(kind) if self.lang == "fr" else None) or kind.replace("_", " ")

    def stage(self, stage: str) -> str:
        return (_STAGES.get(stage) if self.lang == "fr" else None) or stage

    def split(self, split: str) -> str:
        return _WORDS[self.lang].get(split, split)

    def number(self, value: float, decimals: int = 3, signed: bool = False) -> str:
        """As it is printed in the language: « 1 234,5 », “1,234.5”; nothing where there is no number."""
        if math.isnan(value):
            return self("nothing")
        told = f"{value:{'+' if signed else ''},.{decimals}f}"
        if not any(digit in told for digit in "123456789"):
            told = told.lstrip("+-")
        if self.lang == "fr":
            told = told.replace(",", _THIN).replace(".", ",")
        return told.replace("-", _MINUS)

    def interval(self, ends: tuple[float, float], signed: bool = False, decimals: int = 2) -> str:
        low, high = (self.number(end, decimals, signed) for end in ends)
        return f"[{low}{_FIXED}; {high}]" if self.lang == "fr" else f"[{low}, {high}]"

    def percent(self, share: float) -> str:
        return self.number(share * 100, 0) + (f"{_FIXED}%" if self.lang == "fr" else "%")

    def date(self, told: str) -> str:
        """A date of ISO 8601, or whatever else is told, as it is."""
        try:
            date = datetime.datetime.fromisoformat(told)
        except ValueError:
            return told
        month = _MONTHS[self.lang][date.month - 1]
        return f"{date.day} {month} {date.year}, {date:%H:%M} {date.tzname() or ''}".strip()
