// The service counts characters (code points); a JavaScript string counts UTF-16 units. « 🎭 » is one of the former, two of the latter.

/** Places in `text` given in code points, ascending, as UTF-16 places. */
export function utf16Places(text, places) {
  if (!/[\ud800-\udfff]/.test(text)) return places;
  const found = [];
  let points = 0;
  let units = 0;
  for (const place of places) {
    while (points < place && units < text.length) {
      units += text.codePointAt(units) > 0xffff ? 2 : 1;
      points += 1;
    }
    found.push(units);
  }
  return found;
}

/** `text` cut at ascending code-point places: one piece more than there are places. */
export function cut(text, places) {
  const units = [0, ...utf16Places(text, places), text.length];
  return units.slice(1).map((end, i) => text.slice(units[i], end));
}
