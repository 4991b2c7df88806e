"""Figures written into a document between markers, so that they are never typed."""

from pathlib import Path

from indexer.errors import MarkersMissing, ResultsUnwritable


def write_between(path: Path, name: str, text: str) -> None:
    """Replace what stands between ``<!-- NAME -->`` and ``<!-- /NAME -->``, each on a line of its own.

    Raises ``MarkersMissing`` or ``ResultsUnwritable``.
    """
    begin, end = f"<!-- {name} -->\n", f"<!-- /{name} -->\n"
    try:
        before, opened, rest = path.read_text(encoding="utf-8").partition(begin)
        _, closed, after = rest.partition(end)
        if not opened or not closed:
            raise MarkersMissing(path=path, begin=begin.strip(), end=end.strip())
        path.write_text(f"{before}{begin}\n{text.strip()}\n\n{end}{after}", encoding="utf-8")
    except OSError as error:
        raise ResultsUnwritable(path=path, why=error.strerror or error) from error
