"""What a line of a list begins with."""

_BULLETS = "•●○▪■◦‣·►→✓✔☐☑\uf0a7\uf0b7\uf0d8\uf0fc"  # Word's own, pasted, among them
# A bullet, a box, « 1. », « 1) », « 1° », « 1/ », « a) », « ii) »; a space stands behind it. « 1er » is a date.
LIST_MARK = rf"(?:[-*]?[ \t]*\[[ xX]\]|[{_BULLETS}*+\-–—]|o(?=\t)|\(?\d{{1,3}}[.)]|[1-9](?:[°º]\)?|/)|\(?[a-zA-H]\)|[ivx]{{1,4}}\))"
