// The service, as the page asks it.

import { eventsOf } from "./events.js";
import { language } from "./words.js";

const KEY = "coulisses.key";

/** What the service answered instead of what was asked for: a problem (RFC 9457) in the reader's language. */
export class Problem extends Error {
  constructor(status, detail, errors = []) {
    super(detail);
    this.status = status;
    this.errors = errors;
  }
}

/** The key stays in this tab, and goes with it. */
export function keepKey(key) {
  try {
    sessionStorage.setItem(KEY, key);
  } catch {
    memory = key;
  }
}

let memory = null; // where the browser denies storage

function key() {
  try {
    return sessionStorage.getItem(KEY) ?? memory;
  } catch {
    return memory;
  }
}

async function request(path, options = {}) {
  const headers = { "Accept-Language": language(), ...options.headers };
  const secret = key();
  if (secret) headers.Authorization = `Bearer ${secret}`;
  const response = await fetch(path, { ...options, headers, credentials: "same-origin", cache: "no-store" });
  if (response.ok) return response;
  const problem = await response.json().catch(() => ({}));
  throw new Problem(response.status, String(problem.detail ?? response.statusText), problem.errors ?? []);
}

/** The events of an answer: `["quotes", answer]`, `["sentence", sentence]`, `["done", answer]`. */
export async function* ask(asked, signal) {
  const response = await request("ask", {
    method: "POST",
    headers: { "Content-Type": "application/json", Accept: "text/event-stream" },
    body: JSON.stringify(asked),
    signal,
  });
  for await (const { event, data } of eventsOf(response.body)) {
    const value = JSON.parse(data);
    if (event === "error") throw new Problem(value.status ?? 500, String(value.detail ?? ""), value.errors ?? []);
    yield [event, value];
  }
}

/** A document with its whole text and the span. */
export async function documentWith(id, start, end) {
  const span = new URLSearchParams({ start, end });
  return (await request(`documents/${encodeURIComponent(id)}?${span}`)).json();
}

/** The documents of the index; null where the service has no list of them, or one too long to choose from. */
export async function documentList() {
  const listed = await orNull(request("documents?limit=500"));
  if (listed === null) return null;
  const { documents, next } = await listed.json();
  return next ? null : documents;
}

/** Questions that the texts answer. */
export async function exampleQuestions() {
  const found = await orNull(request("examples"));
  return found === null ? [] : (await found.json()).questions;
}

async function orNull(response) {
  try {
    return await response;
  } catch (error) {
    if (error instanceof Problem && [404, 405].includes(error.status)) return null;
    throw error;
  }
}
