// The chats, kept in this browser and nowhere else.

const KEY = "coulisses.chats";
const MOST = 50;

let unstored = null; // where the browser denies storage: kept as long as the page

/** The chats, latest first: `{id, at, turns: [{question, filters, answer}]}`. */
export function chats() {
  if (unstored) return unstored;
  try {
    const kept = JSON.parse(localStorage.getItem(KEY) ?? "[]");
    return Array.isArray(kept) ? kept.filter((chat) => chat?.id && chat.turns?.length) : [];
  } catch {
    return [];
  }
}

/** Keep a chat as it now stands; the oldest give way. */
export function keep(chat) {
  write([chat, ...chats().filter((one) => one.id !== chat.id)].slice(0, MOST));
}

export function forget(id) {
  write(chats().filter((one) => one.id !== id));
}

export function forgetAll() {
  write([]);
}

function write(list) {
  for (let kept = list; ; kept = kept.slice(0, -1)) {
    try {
      if (kept.length) localStorage.setItem(KEY, JSON.stringify(kept));
      else localStorage.removeItem(KEY);
      return;
    } catch (error) {
      if (error.name !== "QuotaExceededError" || kept.length <= 1) {
        unstored = list;
        return;
      }
    }
  }
}
