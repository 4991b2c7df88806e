// The chats, kept in this browser and nowhere else: one entry of localStorage each.

const PREFIX = "coulisses.chat.";
const MOST = 50;

const unstored = new Map(); // where the browser denies storage: kept as long as the page

/** The chats, latest first: `{id, at, turns: [{question, filters, answer}]}`; `at` is when they were last kept. */
export function chats() {
  const found = [...unstored.values(), ...stored()];
  return found.sort((a, b) => (a.at < b.at ? 1 : -1));
}

/** Keep a chat as it now stands; where there is no room, the oldest give way. */
export function keep(chat) {
  const kept = { ...chat, at: new Date().toISOString() };
  unstored.delete(chat.id);
  if (keys().length >= MOST) giveWay(chat.id, MOST - 1);
  for (;;) {
    try {
      localStorage.setItem(PREFIX + chat.id, JSON.stringify(kept));
      return;
    } catch (error) {
      if (error.name === "QuotaExceededError" && giveWay(chat.id, keys().length - 1)) continue;
      unstored.set(chat.id, kept);
      return;
    }
  }
}

export function forget(id) {
  unstored.delete(id);
  if (keys().includes(PREFIX + id)) localStorage.removeItem(PREFIX + id);
}

export function forgetAll() {
  for (const chat of chats()) forget(chat.id);
}

/** Forget the oldest chats beyond `most`, but not this one; whether any was. */
function giveWay(id, most) {
  const oldest = stored().filter((chat) => chat.id !== id).sort((a, b) => (a.at < b.at ? 1 : -1)).slice(Math.max(most, 0));
  for (const chat of oldest) forget(chat.id);
  return oldest.length > 0;
}

function keys() {
  try {
    return Object.keys(localStorage).filter((key) => key.startsWith(PREFIX));
  } catch {
    return []; // denied
  }
}

function stored() {
  return keys().flatMap((key) => {
    try {
      const chat = JSON.parse(localStorage.getItem(key));
      return chat.turns.length && key === PREFIX + chat.id ? [chat] : [];
    } catch {
      return []; // not ours, or of a version that kept something else
    }
  });
}
