// Elements. A string is always a text node: nothing here, or anywhere in the page, reads markup.

/** An element with attributes, listeners (`onclick`) and children; null, undefined and false are left out. */
export function el(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (key.startsWith("on")) made.addEventListener(key.slice(2), value);
    else made.setAttribute(key, value === true ? "" : value);
  }
  made.append(...kept(children));
  return made;
}

/** Replace all children. */
export function fill(parent, ...children) {
  parent.replaceChildren(...kept(children));
}

function kept(children) {
  return children.flat(2).filter((child) => child !== null && child !== undefined && child !== false);
}

export function byId(id) {
  return document.getElementById(id);
}

/** The address if a browser may follow it as a web page, else null: metadata is hostile input too. */
export function webAddress(text) {
  if (!text || !URL.canParse(text)) return null;
  const address = new URL(text);
  return ["http:", "https:"].includes(address.protocol) ? address.href : null;
}
