// What the page says, in French and in English, and how each writes a date or a duration.

const WORDS = {
  fr: {
    skip: "Aller à la question", site: "Conversation et réglages",
    newChat: "Nouvelle conversation", history: "Historique", other: "English", otherLabel: "English (changer de langue)",
    theme: { auto: "Thème\u00a0: automatique", light: "Thème\u00a0: clair", dark: "Thème\u00a0: sombre" },
    title: "Que disent les textes\u00a0?",
    about: "Posez une question\u00a0: la réponse vient en citations exactes, chacune prouvée par son passage. Si les textes ne disent rien, la page le dit.",
    examples: "Pour commencer", question: "Votre question", followUp: "Poursuivre…", placeholder: "Votre question…",
    ask: "Demander", stop: "Arrêter", tooLong: "La question dépasse 1000 caractères.",
    filters: "Filtres", allSources: "toutes les sources", allDates: "toutes les dates", someSources: (n) => (n > 1 ? `${n} sources` : "1 source"),
    sinceShort: (date) => `depuis ${date}`, sources: "Sources",
    sourceText: "Source (fichier, titre, auteur ou publication)", find: "Chercher une source",
    since: "Depuis", sinceHelp: "AAAA, AAAA-MM ou AAAA-MM-JJ", sinceWrong: "Date illisible\u00a0: écrivez AAAA, AAAA-MM ou AAAA-MM-JJ.",
    reset: "Tout reprendre", tooMany: "Vingt sources au plus.",
    searching: "Recherche dans les textes…", answerCount: (n) => (n > 1 ? `${n} citations.` : "Une citation."),
    refused: "Les textes ne répondent pas à cette question.", missing: "Absent des textes\u00a0: ",
    nearest: "Les passages les plus proches", could: "Les textes répondent en revanche à\u00a0:",
    read: (read, typed) => [`Lu `, read, ` pour `, typed], rewritten: "Compris comme\u00a0: ",
    differ: "Les sources ne s’accordent pas\u00a0: ", undated: "sans date",
    stale: "Modifié ou supprimé depuis l’indexation, donc écarté\u00a0: ", staleDo: "Relancez ask index.",
    prose: "En résumé, chaque phrase vérifiée", quotes: "Les textes", line: "ligne", characters: "caractères",
    open: (n, source) => `[${n}] ouvrir la source\u00a0: ${source}`, openPassage: (source) => `Lire le passage\u00a0: ${source}`, readPassage: "Lire le passage",
    copy: "Copier avec les références", copied: "Copié", copyFailed: "La copie a échoué", references: "Références",
    seconds: (s) => `${s} s`, again: "Réessayer", cut: "La réponse s’est interrompue.",
    stopped: "Arrêté.", unreachable: "Le service ne répond pas. Vérifiez qu’il tourne, puis réessayez.",
    source: "Source", close: "Fermer", loading: "Ouverture du document…", document: "Texte du document",
    verified: "Conforme au document", unverified: "Le document ne porte plus ces mots à cet endroit\u00a0: il a changé.",
    passageOnly: "Le document n’a pas pu être ouvert. Le passage tel qu’il a été cité\u00a0:",
    previous: "Citation précédente", next: "Citation suivante", place: (i, n) => `${i} / ${n}`, original: "Page d’origine",
    noHistory: "Aucune conversation. Elles restent dans ce navigateur, et nulle part ailleurs.",
    kept: "Gardé dans ce navigateur, et nulle part ailleurs.",
    forget: (question) => `Effacer\u00a0: ${question}`, forgetAll: "Tout effacer", forgetSure: "Vraiment tout effacer\u00a0?",
    key: "Clé d’accès", keyAbout: "Ce service demande une clé. Elle reste dans cet onglet et s’efface avec lui.", keyWrong: "Cette clé n’a pas été acceptée.",
    send: "Valider", cancel: "Annuler",
  },
  en: {
    skip: "Skip to the question", site: "Chat and settings",
    newChat: "New chat", history: "History", other: "Français", otherLabel: "Français (change language)",
    theme: { auto: "Theme: automatic", light: "Theme: light", dark: "Theme: dark" },
    title: "What do the texts say?",
    about: "Ask a question: the answer comes as exact quotes, each proven by its passage. Where the texts say nothing, the page says so.",
    examples: "To begin with", question: "Your question", followUp: "Ask further…", placeholder: "Your question…",
    ask: "Ask", stop: "Stop", tooLong: "The question exceeds 1000 characters.",
    filters: "Filters", allSources: "all sources", allDates: "all dates", someSources: (n) => (n > 1 ? `${n} sources` : "1 source"),
    sinceShort: (date) => `since ${date}`, sources: "Sources",
    sourceText: "Source (file, title, author or publication)", find: "Find a source",
    since: "Since", sinceHelp: "YYYY, YYYY-MM or YYYY-MM-DD", sinceWrong: "Unreadable date: write YYYY, YYYY-MM or YYYY-MM-DD.",
    reset: "Clear", tooMany: "Twenty sources at most.",
    searching: "Searching the texts…", answerCount: (n) => (n > 1 ? `${n} quotes.` : "One quote."),
    refused: "The texts do not answer this question.", missing: "Not in the texts: ",
    nearest: "The nearest passages", could: "The texts do answer:",
    read: (read, typed) => [`Read `, read, ` for `, typed], rewritten: "Understood as: ",
    differ: "The sources do not agree: ", undated: "undated",
    stale: "Changed or deleted since it was indexed, hence set aside: ", staleDo: "Run ask index again.",
    prose: "In short, each sentence checked", quotes: "The texts", line: "line", characters: "characters",
    open: (n, source) => `[${n}] open the source: ${source}`, openPassage: (source) => `Read the passage: ${source}`, readPassage: "Read the passage",
    copy: "Copy with references", copied: "Copied", copyFailed: "Could not copy", references: "References",
    seconds: (s) => `${s} s`, again: "Try again", cut: "The answer was cut short.",
    stopped: "Stopped.", unreachable: "The service does not answer. Make sure that it runs, then try again.",
    source: "Source", close: "Close", loading: "Opening the document…", document: "Text of the document",
    verified: "Same as the document", unverified: "The document no longer holds these words at this place: it has changed.",
    passageOnly: "The document could not be opened. The passage as it was cited:",
    previous: "Previous quote", next: "Next quote", place: (i, n) => `${i} / ${n}`, original: "Original page",
    noHistory: "No chats. They stay in this browser, and nowhere else.",
    kept: "Kept in this browser, and nowhere else.",
    forget: (question) => `Delete: ${question}`, forgetAll: "Delete all", forgetSure: "Really delete all?",
    key: "Access key", keyAbout: "This service wants a key. It stays in this tab and goes with it.", keyWrong: "That key was not accepted.",
    send: "Enter", cancel: "Cancel",
  },
};

export function language() {
  return document.documentElement.lang === "en" ? "en" : "fr";
}

/** The words of the language now chosen. */
export function words() {
  return WORDS[language()];
}

/** A text between the quotation marks of the page's language. */
export function quoted(text) {
  return language() === "fr" ? `«\u00a0${text}\u00a0»` : `“${text}”`;
}

/** « 2024-06-30 » as « 30 juin 2024 »; what is no such date stays as it is. */
export function dateInWords(iso) {
  const parts = /^(\d{4})(?:-(\d\d)(?:-(\d\d))?)?$/.exec(iso ?? "");
  if (!parts || !parts[2]) return iso;
  const date = new Date(Date.UTC(+parts[1], +parts[2] - 1, +(parts[3] ?? 1)));
  const shape = { year: "numeric", month: "long", timeZone: "UTC", ...(parts[3] ? { day: "numeric" } : {}) };
  const written = new Intl.DateTimeFormat(language() === "fr" ? "fr-FR" : "en-GB", shape).format(date);
  return language() === "fr" ? written.replace(/^1 /, "1er ") : written;
}

export function number(value, digits = 0) {
  const shape = { minimumFractionDigits: digits, maximumFractionDigits: digits };
  return value.toLocaleString(language() === "fr" ? "fr-FR" : "en-GB", shape);
}

const FRENCH = /\b(?:le|la|les|des|du|et|est|une?|que|qui|dans|pour|pas|sur|au|ce|quel(?:le)?s?|comment|pourquoi|combien)\b|[çœàèéêîôù]|\b[ldnsj][’']/giu;
const ENGLISH = /\b(?:the|of|and|is|are|to|in|that|what|which|how|why|who|when|does|do|for|with|was|it)\b/giu;

/** "fr" or "en", for the `lang` of a text that does not say: what a screen reader will pronounce it as. */
export function languageOf(text) {
  const shown = text.slice(0, 2000);
  return (shown.match(ENGLISH) ?? []).length > (shown.match(FRENCH) ?? []).length ? "en" : "fr";
}
