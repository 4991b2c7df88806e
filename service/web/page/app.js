// The page: what is asked, in which chat, and where everything goes.

import { TurnView } from "./answer.js";
import { chats, forget, forgetAll, keep } from "./chats.js";
import { byId, el, fill } from "./dom.js";
import { Filters } from "./filters.js";
import { ask, documentList, exampleQuestions, keepKey, Problem } from "./service.js";
import { SourcePane } from "./source.js";
import { dateInWords, language, languageOf, words } from "./words.js";

const THEMES = ["auto", "light", "dark"];
const MOST_EARLIER = 20; // questions of the chat that go with the next one

const filters = new Filters();
const source = new SourcePane(withKey);
let chat = newChat();
let views = [];
let under = null; // the AbortController of the answer under way
let examples = [];
let said = 0;

start();

function start() {
  const field = byId("question");
  byId("composer").addEventListener("submit", (event) => {
    event.preventDefault();
    if (under) stop();
    else put(field.value);
  });
  field.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    if (!under) put(field.value);
  });
  byId("new").addEventListener("click", () => show(newChat()));
  byId("language").addEventListener("click", changeLanguage);
  byId("theme").addEventListener("click", changeTheme);
  byId("history-open").addEventListener("click", openHistory);
  byId("history-close").addEventListener("click", () => byId("history").close());
  byId("history-clear").addEventListener("click", clearHistory);
  byId("history-clear").addEventListener("blur", () => tell(byId("history-clear"), "forgetAll"));
  for (const dialog of document.querySelectorAll("dialog.drawer, dialog.small")) {
    dialog.addEventListener("click", (event) => event.target === dialog && dialog.close()); // on the backdrop
  }
  retell();
  field.focus();
  fetched(exampleQuestions).then((found) => { examples = found ?? []; showExamples(); });
  fetched(documentList).then((found) => filters.offer(found));
}

/** What comes beside the question: without it the page does with less, and a question will say what is wrong. */
async function fetched(call) {
  try {
    return await withKey(call);
  } catch (error) {
    console.warn(error);
    return null;
  }
}

// --- asking

async function put(text) {
  const question = text.trim();
  const asked = filters.chosen();
  filters.update();
  if (asked === null) {
    byId("filters").open = true;
    byId("since").focus();
    return;
  }
  if (!question) return byId("question").focus();
  if ([...question].length > 1000) return say(words().tooLong, true);
  byId("question").value = "";
  const turn = { question, filters: asked, answer: null, sentences: [], state: "asked", error: null };
  chat.turns.push(turn);
  const view = viewOf(turn);
  byId("turns").append(view.element);
  arrange();
  view.element.scrollIntoView({ block: "start", behavior: calm() ? "auto" : "smooth" });
  await answer(view);
}

async function answer(view) {
  const { turn } = view;
  const mine = new AbortController();
  under = mine;
  Object.assign(turn, { answer: null, sentences: [], state: "asked", error: null });
  view.update();
  arrange();
  say(words().searching);
  const earlier = chat.turns.slice(0, chat.turns.indexOf(turn)).filter((one) => one.answer).map((one) => one.question);
  const { sources, since } = turn.filters;
  const body = { question: turn.question, history: earlier.slice(-MOST_EARLIER), sources, since };
  try {
    await withKey(async () => {
      for await (const [event, value] of ask(body, mine.signal)) receive(view, event, value);
    });
    if (turn.state !== "done") Object.assign(turn, { state: "failed", error: words().cut });
  } catch (error) {
    if (mine.signal.aborted) turn.state = "stopped";
    else Object.assign(turn, { state: "failed", error: inWords(error) });
  }
  if (under === mine) under = null;
  view.update();
  arrange();
  if (turn.state === "done") keepChat(view);
}

function receive(view, event, value) {
  const { turn } = view;
  if (event === "quotes") {
    Object.assign(turn, { answer: value, state: "quotes" });
    view.update();
    const first = value.citations[0];
    say(value.status === "refused" ? words().refused : `${words().answerCount(value.citations.length)} ${first?.short_answer ?? first?.quote ?? ""}`);
  } else if (event === "sentence") {
    view.add(value);
  } else if (event === "done") {
    Object.assign(turn, { answer: value, state: "done" });
  }
}

function stop() {
  under?.abort();
  under = null;
  byId("question").focus();
}

/** Call, and call again with the key that the reader gives as long as the service wants one. */
async function withKey(call) {
  for (let wrong = false; ; wrong = true) {
    try {
      return await call();
    } catch (error) {
      if (!(error instanceof Problem) || error.status !== 401) throw error;
      if (!(await askKey(wrong))) throw error;
    }
  }
}

let asking = null; // one dialog for all who wait for a key

function askKey(wrong) {
  asking ??= new Promise((resolve) => {
    const dialog = byId("key");
    byId("key-wrong").textContent = wrong ? words().keyWrong : "";
    byId("key-field").value = "";
    let given = false;
    byId("key-form").onsubmit = (event) => {
      event.preventDefault();
      const key = byId("key-field").value.trim();
      if (key) keepKey(key);
      given = Boolean(key);
      dialog.close();
    };
    byId("key-cancel").onclick = () => dialog.close();
    dialog.addEventListener("close", () => { asking = null; resolve(given); }, { once: true });
    dialog.showModal();
    byId("key-field").focus();
  });
  return asking;
}

function inWords(error) {
  if (error instanceof Problem) return [error.message, ...error.errors].join(" ");
  return error instanceof TypeError ? words().unreachable : words().cut;
}

// --- the chat

function newChat() {
  return { id: crypto.randomUUID?.() ?? `${Date.now()}-${Math.random()}`, turns: [] }; // no randomUUID outside https and localhost
}

function show(wanted) {
  stop();
  if (byId("source").open) source.close();
  chat = wanted;
  views = [];
  fill(byId("turns"), chat.turns.map((turn) => viewOf(turn).element));
  arrange();
  scrollTo({ top: 0 });
  byId("question").focus();
}

function viewOf(turn) {
  const view = new TurnView(turn, views.length + 1, {
    open: (citations, i, opener) => source.open(citations, i, opener),
    ask: (question) => !under && put(question),
    again: () => !under && answer(view),
    say,
  });
  views.push(view);
  return view;
}

function keepChat(view) {
  if (!views.includes(view)) return; // another chat is on the page by now
  const turns = chat.turns.filter((turn) => turn.state === "done");
  keep({ id: chat.id, turns: turns.map(({ question, filters: asked, answer: told }) => ({ question, filters: asked, answer: told })) });
}

function openHistory() {
  listHistory();
  byId("history").showModal();
  byId("history-title").focus();
}

function listHistory() {
  const told = words();
  const kept = chats();
  byId("history-none").textContent = kept.length ? told.kept : told.noHistory;
  byId("history-clear").hidden = !kept.length;
  fill(byId("history-list"), kept.map((one) => {
    const first = one.turns[0].question;
    const open = () => {
      byId("history").close();
      show({ ...one, turns: one.turns.map((turn) => ({ ...turn, sentences: [], state: "done", error: null })) });
    };
    const remove = (event) => {
      const row = event.currentTarget.closest("li");
      const next = row.nextElementSibling ?? row.previousElementSibling;
      forget(one.id);
      row.remove();
      if (next) next.querySelector(".delete").focus();
      else { listHistory(); byId("history-title").focus(); }
    };
    return el("li", {},
      el("button", { type: "button", class: "entry", onclick: open },
        el("span", { class: "text", lang: languageOf(first) }, first), " ", el("time", { datetime: one.at }, dateInWords(String(one.at).slice(0, 10)))),
      el("button", { type: "button", class: "delete", "aria-label": told.forget(first), onclick: remove }, "×"));
  }));
}

function clearHistory(event) {
  const button = event.currentTarget;
  if (button.dataset.word !== "forgetSure") return tell(button, "forgetSure");
  forgetAll();
  tell(button, "forgetAll");
  listHistory();
  byId("history-title").focus();
}

// --- how it looks and what it says

function arrange() {
  const begun = chat.turns.length > 0;
  document.body.classList.toggle("begun", begun);
  byId("welcome").hidden = begun;
  byId("examples").hidden = begun || !examples.length;
  byId("question").placeholder = begun ? words().followUp : words().placeholder;
  tell(byId("send"), under ? "stop" : "ask");
  byId("send").classList.toggle("stop", under !== null);
}

function showExamples() {
  fill(byId("example-list"), examples.map((question) => el("li", {},
    el("button", { type: "button", class: "suggestion", lang: languageOf(question), onclick: () => !under && put(question) }, question))));
  arrange();
}

function retell() {
  for (const one of document.querySelectorAll("[data-word]")) one.textContent = words()[one.dataset.word];
  for (const one of document.querySelectorAll("[data-label]")) one.ariaLabel = words()[one.dataset.label];
  byId("language").lang = language() === "fr" ? "en" : "fr";
  byId("theme").ariaLabel = byId("theme").title = words().theme[document.documentElement.dataset.theme];
  for (const view of views) view.retell();
  filters.update();
  source.retell();
  arrange();
}

function tell(element, word) {
  element.dataset.word = word;
  element.textContent = words()[word];
}

function changeLanguage() {
  document.documentElement.lang = language() === "fr" ? "en" : "fr";
  remember("coulisses.language", language());
  retell();
}

function changeTheme() {
  const root = document.documentElement;
  root.dataset.theme = THEMES[(THEMES.indexOf(root.dataset.theme) + 1) % THEMES.length];
  remember("coulisses.theme", root.dataset.theme);
  retell();
  say(words().theme[root.dataset.theme]);
}

function remember(key, value) {
  try {
    localStorage.setItem(key, value);
  } catch (error) {
    console.warn(error); // storage denied: it holds as long as the page
  }
}

/** Tell a screen reader; with `shown`, everyone. */
function say(text, shown = false) {
  const region = byId("status");
  region.textContent = text;
  region.classList.toggle("shown", shown);
  clearTimeout(said);
  if (shown) said = setTimeout(() => region.classList.remove("shown"), 6000);
}

function calm() {
  return matchMedia("(prefers-reduced-motion: reduce)").matches;
}
