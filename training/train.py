"""Transplanted encoder → trained encoder, on one CPU core in under an hour.

    python -m training.train --student DIR --teacher DIR --data DIR --wordnet DIR --out DIR --steps N [--clones CLONES]

Every step adds up four lessons (one optimiser step for all of them):
- distillation on parallel sentences (Reimers & Gurevych, 2020): the French sentence and, for a part, the English one
  should lie where the English teacher puts the English one; in-batch contrast on top, for the ranking;
- the same for dictionary entries, which cost six tokens each and keep everyday words in view of so many laws;
- the same for English glosses of WordNet, so that English stays what it was;
- contrast of question → passage, by turns: law notes → sections, and PIAF's train half with a hard negative each; with
  `--clones` the questions written for this project beside it, with `--near` the negatives of an encoder beside BM25's.
Stops and goes on: every `--save` steps the whole state (weights and optimiser, safetensors; step and seed, JSON) is kept.
"""

import argparse
import json
import math
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import load_file, save_file
from tokenizers import Tokenizer
from torch import Tensor
from torch.nn.functional import cross_entropy
from transformers import BertModel

from training.corpora import (
    Asked,
    Note,
    law_notes,
    lexicon_pairs,
    parallel,
    piaf_train,
    wordnet_sentences,
    written_asked,
)
from training.encoder import Encode, load_bert, open_encoder, pooled, save_bert
from training.lexicon import lemma_meanings

STEP = 16  # lengths are filled up to its multiples: few shapes, whose kernels are kept
Random = np.random.Generator
Embed = Callable[[list[str]], Tensor]


@dataclass(frozen=True)
class Recipe:
    """The numbers of a training run; texts per step, learning rates, weights of the lessons.

    From step `paragraphs_from` on, some law provisions make room for longer texts, joined from several pairs.
    """

    steps: int = 1000
    blog: int = 18
    docs: int = 14
    laws: int = 24
    paragraphs: int = 6
    paragraphs_from: int = 300
    english: int = 14
    entries: int = 72
    glosses: int = 10
    notes: int = 16
    notes_every: int = 2  # steps; the others teach questions
    asked: int = 10
    titled: float = 0.0  # of the windows carry their title, as the indexer's passages do
    in_sentences: float = 0.5  # of the questions look for the sentence of a paragraph, the others for the paragraph
    rate: float = 1.5e-4
    embedding_rate: float = 6e-4
    warm_up: int = 40
    temperature: float = 0.05
    distil: float = 20.0
    rank: float = 0.5
    contrast: float = 1.0
    max_tokens: int = 160
    seed: int = 20


@dataclass(frozen=True)
class Lessons:
    """All training texts, in memory."""

    pairs: dict[str, list[tuple[str, str]]]
    entries: list[tuple[str, str]]
    glosses: list[str]
    notes: list[Note]
    asked: list[Asked]
    rivals: list[list[int]]  # question → questions whose paragraph ranks high though it is not the right one


def read_lessons(data: Path, wordnet: Path, clones: Path | None, near: Encode | None) -> Lessons:
    """Read every corpus; the shared data folder holds parallel/, qa/ and lexicons/, ``clones`` the repositories of the
    written questions. Rivals are BM25's and, where it is given, those of ``near``."""
    asked = piaf_train(data)
    if clones:
        asked += written_asked(data, clones, asked)
    rivals = lexical_rivals(asked)
    if near:
        rivals = [[*some, *more] for some, more in zip(rivals, dense_rivals(asked, near), strict=True)]
    return Lessons(
        pairs={name: parallel(data, name) for name in ("blog", "docs", "laws")},
        entries=lexicon_pairs(lemma_meanings(data / "lexicons", wordnet)),
        glosses=wordnet_sentences(wordnet),
        notes=law_notes(data),
        asked=asked,
        rivals=rivals,
    )


def lexical_rivals(asked: list[Asked], depth: int = 6) -> list[list[int]]:
    """For each question, one question of each wrong paragraph among BM25's first `depth`."""
    import bm25s
    import Stemmer

    stemmer = Stemmer.Stemmer("french")
    first = {q.paragraph: i for i, q in reversed(list(enumerate(asked)))}
    numbers = sorted(first)
    index = bm25s.BM25()
    texts = [" ".join(asked[first[n]].sentences) for n in numbers]
    index.index(bm25s.tokenize(texts, stopwords="fr", stemmer=stemmer, show_progress=False), show_progress=False)
    queries = bm25s.tokenize([q.question for q in asked], stopwords="fr", stemmer=stemmer, show_progress=False)
    runs = index.retrieve(queries, k=depth, show_progress=False)[0]
    return [[first[numbers[r]] for r in run if numbers[r] != q.paragraph] for q, run in zip(asked, runs, strict=True)]


def dense_rivals(asked: list[Asked], encode: Encode, depth: int = 6) -> list[list[int]]:
    """The same among the first `depth` of an encoder: what it takes for an answer and is none (Xiong et al., 2021)."""
    first = {q.paragraph: i for i, q in reversed(list(enumerate(asked)))}
    numbers = sorted(first)
    texts = encode([with_title(asked[first[n]].title, " ".join(asked[first[n]].sentences)) for n in numbers])
    questions = encode([q.question for q in asked])
    found = []
    for start in range(0, len(asked), 1024):
        runs = np.argsort(-(questions[start : start + 1024] @ texts.T), axis=1)[:, :depth]
        for q, run in zip(asked[start : start + 1024], runs, strict=True):
            found.append([first[numbers[r]] for r in run if numbers[r] != q.paragraph])
    return found


def embedder(bert: BertModel, tokenizer: Tokenizer, max_tokens: int, bfloat16: bool) -> Embed:
    """Texts → unit vectors [texts, dimension] with gradients, in bfloat16 where wished and safe; like lengths together."""
    tokenizer.enable_truncation(max_tokens)
    tokenizer.no_padding()
    pad = tokenizer.token_to_id("[PAD]")

    def embed(texts: list[str]) -> Tensor:
        encoded = [e.ids for e in tokenizer.encode_batch(texts)]
        order = sorted(range(len(texts)), key=lambda i: len(encoded[i]))
        parts = []
        with torch.autocast("cpu", torch.bfloat16, enabled=bfloat16):  # one context: the weights are cast once
            for start in range(0, len(order), 32):
                chosen = order[start : start + 32]
                longest = -(-len(encoded[chosen[-1]]) // STEP) * STEP
                ids = torch.tensor([encoded[i] + [pad] * (longest - len(encoded[i])) for i in chosen])
                mask = torch.tensor([[1] * len(encoded[i]) + [0] * (longest - len(encoded[i])) for i in chosen])
                parts.append(pooled(bert, ids, mask))
        return torch.cat(parts)[torch.argsort(torch.tensor(order))]

    return embed


def window(q: Asked, around: int | None, random: Random, longest: int = 450) -> str:
    """Some sentences of a paragraph: one to all of them around sentence `around`, about `longest` characters at most."""
    centre = int(random.integers(len(q.sentences))) if around is None else around
    low = high = centre
    wanted = int(random.integers(1, 6))
    while high - low + 1 < min(wanted, len(q.sentences)):
        if low > 0 and (random.random() < 0.5 or high == len(q.sentences) - 1):
            low -= 1
        elif high < len(q.sentences) - 1:
            high += 1
        if sum(map(len, q.sentences[low : high + 1])) > longest:
            break
    return " ".join(q.sentences[low : high + 1])


def with_title(title: str, text: str) -> str:
    """As the indexer embeds a passage."""
    return f"{title}\n{text}" if title else text


def contrast(queries: Tensor, candidates: Tensor, forbidden: Tensor, temperature: float) -> Tensor:
    """Cross-entropy of each query finding the candidate of its own row; `forbidden` [queries, candidates] are left out."""
    logits = (queries @ candidates.T / temperature).masked_fill(forbidden, -1e4)
    return cross_entropy(logits, torch.arange(len(queries)))


def apart(ours: Tensor, goal: Tensor) -> Tensor:
    """Mean cosine distance of unit vectors, row by row."""
    return (1 - (ours * goal).sum(1)).mean()


def paragraph(lessons: Lessons, random: Random) -> tuple[str, str]:
    """Three to five pairs joined: neighbours of the blog, whose lines follow each other, or any of one corpus."""
    name = ("blog", "blog", "docs", "laws")[int(random.integers(4))]
    pairs, size = lessons.pairs[name], int(random.integers(3, 6))
    first = int(random.integers(len(pairs) - size))
    chosen = range(first, first + size) if name == "blog" else random.integers(len(pairs), size=size)
    english, french = zip(*(pairs[int(i)] for i in chosen), strict=True)
    return " ".join(english), " ".join(french)


def distillation(lessons: Lessons, student: Embed, teacher: Embed, recipe: Recipe, random: Random, step: int) -> Tensor:
    """French, English, dictionary entries and glosses → the teacher's vectors."""
    longer = recipe.paragraphs if step >= recipe.paragraphs_from else 0
    sizes = {"blog": recipe.blog, "docs": recipe.docs, "laws": recipe.laws - 2 * longer}
    pairs = [lessons.pairs[n][i] for n in sizes for i in random.integers(len(lessons.pairs[n]), size=sizes[n])]
    pairs += [paragraph(lessons, random) for _ in range(longer)]
    entries = [lessons.entries[i] for i in random.integers(len(lessons.entries), size=recipe.entries)]
    glosses = [lessons.glosses[i] for i in random.integers(len(lessons.glosses), size=recipe.glosses)]
    kept = [int(i) for i in random.permutation(len(pairs))[: recipe.english]]
    english = [en for en, _ in pairs]
    with torch.no_grad():
        goal = teacher(english + [en for en, _ in entries] + glosses)
    sentences, words, known = torch.split(goal, [len(pairs), len(entries), len(glosses)])
    french = student([fr for _, fr in pairs])
    same = student([english[i] for i in kept] + glosses)
    entry = student([fr for _, fr in entries])
    nothing = torch.zeros(len(pairs), len(pairs), dtype=torch.bool)
    away = apart(french, sentences) + 0.5 * apart(same, torch.cat([sentences[kept], known])) + 0.5 * apart(entry, words)
    return recipe.distil * away + recipe.rank * contrast(french, sentences, nothing, recipe.temperature)


def notes_lesson(lessons: Lessons, student: Embed, recipe: Recipe, random: Random) -> Tensor:
    """Law notes → sections; one note in four asks in English."""
    notes = [lessons.notes[i] for i in random.integers(len(lessons.notes), size=recipe.notes)]
    asked = [n.english if random.random() < 0.25 and n.english else n.french for n in notes]
    vectors = student(asked + [n.section for n in notes])
    forbidden = torch.tensor(
        [[i != j and a.french == b.french for j, b in enumerate(notes)] for i, a in enumerate(notes)]
    )
    return contrast(vectors[: len(notes)], vectors[len(notes) :], forbidden, recipe.temperature)


def asked_lesson(lessons: Lessons, student: Embed, recipe: Recipe, random: Random) -> Tensor:
    """Questions → a window around the answer, against a rival's window or a wrong sentence of the same paragraph."""
    rows = [int(i) for i in random.integers(len(lessons.asked), size=recipe.asked)]
    questions = [lessons.asked[i] for i in rows]
    right, wrong, wrong_paragraph = [], [], []
    for row, q in zip(rows, questions, strict=True):
        others = [s for i, s in enumerate(q.sentences) if i != q.answer]
        if others and random.random() < recipe.in_sentences:  # which sentence of the paragraph answers?
            right.append(q.sentences[q.answer])
            wrong.append(others[int(random.integers(len(others)))])
            wrong_paragraph.append(q.paragraph)
        else:  # which paragraph answers?
            rivals = lessons.rivals[row] or [int(random.integers(len(lessons.asked)))]
            rival = lessons.asked[rivals[int(random.integers(len(rivals)))]]
            titled = random.random() < recipe.titled
            right.append(with_title(q.title if titled else "", window(q, q.answer, random)))
            wrong.append(with_title(rival.title if titled else "", window(rival, None, random)))
            wrong_paragraph.append(rival.paragraph)
    vectors = student([q.question for q in questions] + right + wrong)
    n = len(questions)
    paragraphs = [q.paragraph for q in questions] + wrong_paragraph
    # Another question's text of one's own paragraph may answer too; one's own wrong sentence does not.
    forbidden = torch.tensor(
        [[p == q.paragraph and j not in (i, n + i) for j, p in enumerate(paragraphs)] for i, q in enumerate(questions)]
    )
    return contrast(vectors[:n], vectors[n:], forbidden, recipe.temperature)


def learning_rate(step: int, recipe: Recipe) -> float:
    """Share of the full rate: linear warm-up, then a cosine down to a twentieth."""
    if step < recipe.warm_up:
        return (step + 1) / recipe.warm_up
    progress = min(1.0, (step - recipe.warm_up) / max(1, recipe.steps - recipe.warm_up))
    return 0.05 + 0.95 * 0.5 * (1 + math.cos(math.pi * progress))


def optimisers_of(bert: BertModel, recipe: Recipe) -> dict[str, torch.optim.Optimizer]:
    """Adam; the word vectors, which start from a guess, learn faster than the layers, which start right.

    A step sees a few hundred of the 56,000 words: their gradients are sparse, and so is their Adam.
    """
    words = bert.embeddings.word_embeddings
    words.sparse = True
    rest = [p for p in bert.parameters() if p is not words.weight]
    return {
        "layers": torch.optim.AdamW(rest, lr=recipe.rate, weight_decay=0.0, betas=(0.9, 0.98)),
        "words": torch.optim.SparseAdam([words.weight], lr=recipe.embedding_rate, betas=(0.9, 0.98)),
    }


def save_state(
    folder: Path,
    bert: BertModel,
    optimisers: dict[str, torch.optim.Optimizer],
    tokenizer: Tokenizer,
    state: dict[str, float],
) -> None:
    """Weights, optimiser moments and progress, in a new folder: the JSON file comes last and marks it whole."""
    tokenizer.no_truncation()
    save_bert(bert, tokenizer, folder)
    tokenizer.enable_truncation(int(state["max_tokens"]))
    moments = {
        f"{name}.{i}.{key}": torch.as_tensor(value, dtype=torch.float32).reshape(-1 if key == "step" else value.shape)
        for name, optimiser in optimisers.items()
        for i, slots in optimiser.state_dict()["state"].items()
        for key, value in slots.items()
    }
    save_file(moments, folder / "optimiser.safetensors")
    (folder / "state.json.part").write_text(json.dumps(state, indent=1) + "\n", encoding="utf-8")
    (folder / "state.json.part").replace(folder / "state.json")


def last_checkpoint(out: Path) -> tuple[Path, dict[str, float]] | None:
    """The furthest whole checkpoint under `out`, and its state."""
    whole = sorted(p.parent for p in out.glob("step-*/state.json") if (p.parent / "optimiser.safetensors").exists())
    return (whole[-1], json.loads((whole[-1] / "state.json").read_text(encoding="utf-8"))) if whole else None


def load_optimisers(folder: Path, optimisers: dict[str, torch.optim.Optimizer]) -> None:
    """Put the moments of a checkpoint back."""
    stored = load_file(folder / "optimiser.safetensors")
    for name, optimiser in optimisers.items():
        whole = optimiser.state_dict()
        for full_name, value in stored.items():
            owner, number, key = full_name.split(".")
            if owner == name:
                if key == "step":  # a tensor for AdamW, a whole number for SparseAdam
                    slot: Tensor | int = value.reshape(()) if name == "layers" else int(value.item())
                else:
                    slot = value
                whole["state"].setdefault(int(number), {})[key] = slot
        optimiser.load_state_dict(whole)


def train(
    student: Path, teacher: Path, lessons: Lessons, out: Path, recipe: Recipe, save: int, bfloat16: bool = True
) -> None:
    """Run the recipe, from `out`'s last whole checkpoint where there is one; the encoder is left in `out`/step-N."""
    source, done = last_checkpoint(out) or (student, None)
    bert, tokenizer = load_bert(source), Tokenizer.from_file(str(source / "tokenizer.json"))
    optimisers = optimisers_of(bert, recipe)
    if done:
        load_optimisers(source, optimisers)
    layers = [p for p in bert.parameters() if p is not bert.embeddings.word_embeddings.weight]
    seconds = float(done["seconds"]) if done else 0.0
    print(
        {k: len(v) for k, v in lessons.pairs.items()}, len(lessons.entries), "entries", len(lessons.glosses), "glosses"
    )
    learn = embedder(bert, tokenizer, recipe.max_tokens, bfloat16)
    english = Tokenizer.from_file(str(teacher / "tokenizer.json"))
    know = embedder(load_bert(teacher), english, recipe.max_tokens, bfloat16)
    for step in range(int(done["step"]) if done else 0, recipe.steps):
        started = time.monotonic()
        random = np.random.default_rng((recipe.seed, step))
        taught = distillation(lessons, learn, know, recipe, random, step)
        torch.autograd.backward(taught)
        lesson = asked_lesson if (step + 1) % recipe.notes_every else notes_lesson
        found = recipe.contrast * lesson(lessons, learn, recipe, random)
        torch.autograd.backward(found)
        torch.nn.utils.clip_grad_norm_(layers, 5.0)
        for name, rate in (("layers", recipe.rate), ("words", recipe.embedding_rate)):
            optimisers[name].param_groups[0]["lr"] = rate * learning_rate(step, recipe)
            optimisers[name].step()
            optimisers[name].zero_grad(set_to_none=True)
        seconds += time.monotonic() - started
        if step % 10 < 2:
            print(
                f"{step} {lesson.__name__} taught {taught.item():.3f} found {found.item():.3f} {seconds:.0f} s",
                flush=True,
            )
        if (step + 1) % save == 0 or step + 1 == recipe.steps:
            state = {"step": step + 1, "seconds": seconds, **asdict(recipe)}
            save_state(out / f"step-{step + 1:06}", bert, optimisers, tokenizer, state)
            for older in sorted(out.glob("step-*/optimiser.safetensors"))[:-1]:
                older.unlink()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("student", "teacher", "data", "wordnet", "out"):
        parser.add_argument(f"--{name}", type=Path, required=True)
    parser.add_argument("--clones", type=Path, help="holds OWNER+NAME/repo, a bare clone each: written questions too")
    parser.add_argument("--near", type=Path, help="an encoder whose nearest wrong paragraphs are rivals beside BM25's")
    parser.add_argument("--save", type=int, default=100, help="keep a checkpoint every so many steps")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument(
        "--float32", action="store_true", help="for a processor without bfloat16 units: far faster there"
    )
    for name, default in asdict(Recipe()).items():
        parser.add_argument(f"--{name.replace('_', '-')}", type=type(default), default=default)
    args = parser.parse_args()
    torch.set_flush_denormal(True)  # before any thread starts: tiny gradients would slow a step down many times
    torch.set_num_threads(args.threads)
    recipe = Recipe(**{name: getattr(args, name) for name in asdict(Recipe())})
    torch.manual_seed(recipe.seed)
    lessons = read_lessons(args.data, args.wordnet, args.clones, open_encoder(args.near) if args.near else None)
    train(args.student, args.teacher, lessons, args.out, recipe, args.save, not args.float32)


if __name__ == "__main__":
    main()
