"""Two encoders of one vocabulary → the encoder between them.

    python -m training.average FROM TO --share 0.5 --out DIR

A short training at a high rate ends beside the best place; the mean of its start and its end lies nearer, and keeps
more of what the start knew (WiSE-FT, Wortsman et al., 2022).
"""

import argparse
from pathlib import Path

from tokenizers import Tokenizer

from training.encoder import load_bert, save_bert


def average(start: Path, end: Path, share: float, out: Path) -> None:
    """Write (1 − share) · start + share · end to `out`."""
    bert, other = load_bert(start), load_bert(end).state_dict()
    weights = bert.state_dict()
    bert.load_state_dict({name: (1 - share) * weights[name] + share * other[name] for name in weights})
    save_bert(bert, Tokenizer.from_file(str(end / "tokenizer.json")), out)


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("start", type=Path)
    parser.add_argument("end", type=Path)
    parser.add_argument("--share", type=float, default=0.5, help="how much of the end")
    parser.add_argument("--out", type=Path, required=True)
    args = parser.parse_args()
    average(args.start, args.end, args.share, args.out)


if __name__ == "__main__":
    main()
