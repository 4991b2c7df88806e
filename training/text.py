"""How words are folded here: the same way the shipped tokenizer normalises them."""

import unicodedata

LIGATURES = {"œ": "oe", "æ": "ae"}


def fold(text: str) -> str:
    """Lower case, without accents, ligatures opened: `Cœur` → `coeur`, `état` → `etat`."""
    decomposed = unicodedata.normalize("NFD", text.lower())
    bare = "".join(c for c in decomposed if unicodedata.category(c) != "Mn")
    for ligature, letters in LIGATURES.items():
        bare = bare.replace(ligature, letters)
    return bare
