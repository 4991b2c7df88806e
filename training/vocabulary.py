"""The bilingual WordPiece vocabulary: the English one, less what French and English never use, plus French words.

New words stand in the vocabulary itself, not among the added tokens: those are matched before words are split, miss
words next to apostrophes and make tokenisation slow by the thousand.
"""

import json
import unicodedata
from pathlib import Path
from typing import Any

from tokenizers import Tokenizer

from training.text import LIGATURES

KEPT_SCRIPTS = ("LATIN", "GREEK")


def is_kept(piece: str) -> bool:
    """Whether an English vocabulary piece stays: not a placeholder, no letter of a foreign script."""
    if piece.startswith("[unused"):
        return False
    letters = (c for c in piece if c.isalpha())
    return all(unicodedata.name(c, "LATIN").split()[0] in (*KEPT_SCRIPTS, "MICRO", "SUPERSCRIPT") for c in letters)


def extend(english: Path, new_words: list[str]) -> tuple[Tokenizer, list[int]]:
    """The bilingual tokenizer, and for each kept English piece its row in the English embedding table.

    `english`: the encoder's own tokenizer.json. The ids are: kept English pieces in their old order, then
    `new_words` in theirs. Truncation and padding are off; [CLS] … [SEP] are set by the post-processor.
    """
    spec: dict[str, Any] = json.loads(english.read_text(encoding="utf-8"))
    old = sorted(spec["model"]["vocab"].items(), key=lambda item: item[1])
    kept = [(piece, row) for piece, row in old if is_kept(piece)]
    vocabulary = {piece: i for i, piece in enumerate([piece for piece, _ in kept] + new_words)}
    spec["model"]["vocab"] = vocabulary
    spec["truncation"] = spec["padding"] = None
    for token in spec["added_tokens"]:
        token["id"] = vocabulary[token["content"]]
    for name, token in spec["post_processor"]["special_tokens"].items():
        token["ids"] = [vocabulary[name]]
    spec["normalizer"]["strip_accents"] = True
    opened = [{"type": "Replace", "pattern": {"String": k}, "content": v} for k, v in LIGATURES.items()]
    spec["normalizer"] = {"type": "Sequence", "normalizers": [spec["normalizer"], *opened]}
    return Tokenizer.from_str(json.dumps(spec, ensure_ascii=False)), [row for _, row in kept]
