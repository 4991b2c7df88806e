"""The trained encoder → the reader: which sentence of a passage answers a question, which words of it, or none.

    python -m training.reader --start work/trained --data DATA --wordnet WORDNET --clones CLONES --out work/reader-1
    python -m training.reader --start work/reader-1 … --out work/reader --french 3 --english 0.25 --rate 7e-5

One linear layer over every token of « [CLS] question [SEP] title [SEP] passage [SEP] » gives four numbers: start and
end of the short answer, how far the token belongs to a sentence that answers, and, at [CLS], how far the passage supports
what stands in the question's place, where that is a statement. A sentence's number is the mean over its tokens; those of
[CLS] stand for "nothing here answers" (Devlin et al. 2019 for spans, extended to sentences). Both are learned by
cross-entropy, each passage by itself, right ones and wrong ones: numbers of different passages compare.
The word vectors stay as they are, so that what is learned of English words holds for the French ones beside them.
"""

import argparse
import copy
import json
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import load_file, save_file
from tokenizers import Tokenizer
from torch import Tensor, nn
from transformers import BertModel

from service.reader import Packed, PassageText, pack
from training.code_switch import Swaps, swaps, switched
from training.contexts import written
from training.encoder import load_bert, save_bert
from training.judged import Judged, judged
from training.reader_texts import Reading, cut, fingerprint, piaf, sentence_of, squad

Random = np.random.Generator
LONGEST = 400  # tokens
STEP = 32  # lengths are filled up to its multiples: few shapes, whose kernels are kept
CHUNK = 1500  # readings made into batches at a time
OUTPUTS = 4
STATEMENT_TOKENS = 128


@dataclass(frozen=True)
class Recipe:
    """The numbers of a run. ``rate`` of the layers; ``head_rate`` of the new layer; tokens per step."""

    epochs: float = 1.0
    rate: float = 1.5e-4
    head_rate: float = 1e-3
    tokens: int = 4800
    warm_up: int = 100
    switch: float = 0.75  # of the English examples get French words
    negatives: float = 0.5  # wrong passages per answerable question
    cropped: float = 0.4  # of the passages are cut down to a few sentences
    joined: float = 0.25  # of the passages get sentences of a neighbour
    titled: float = 0.6
    span: float = 0.5  # weight of the span's loss beside the sentence's
    french: int = 1  # times each French example is seen in an epoch
    english: float = 1.0  # share of SQuAD's examples
    judged: float = 1.0  # times each judged draft is seen in an epoch
    masked: float = 0.0  # of the tokens are replaced by [MASK]
    seed: int = 4
    seconds: float = 1e9


@dataclass(frozen=True)
class Encoded:
    """Packed tokens and their targets, 0 is [CLS], "nothing": places of start and end, and sentence + 1. Of a statement
    it is ``supported``, 0 or 1, that is learned, of a question −1."""

    packed: Packed
    start: int
    end: int
    target: int
    supported: int = -1

    def __len__(self) -> int:
        return len(self.packed.ids)


class Reader(nn.Module):
    """The encoder and its one new layer."""

    def __init__(self, bert: BertModel) -> None:
        super().__init__()
        self.bert = bert
        self.dropout = nn.Dropout(0.1)
        self.head = nn.Linear(bert.config.hidden_size, OUTPUTS)
        nn.init.normal_(self.head.weight, std=0.02)
        nn.init.zeros_(self.head.bias)

    def forward(self, ids: Tensor, types: Tensor, mask: Tensor, bert: BertModel | None = None) -> Tensor:
        """Three int64 [batch, length] → float32 [batch, length, 4]: start, end, sentence, support.

        ``bert``, where given, reads in the encoder's place.
        """
        states = (bert or self.bert)(input_ids=ids, token_type_ids=types, attention_mask=mask)[0]
        out: Tensor = self.head(self.dropout(states.float()))
        return out


def encode(tokenizer: Tokenizer, reading: Reading, title: str) -> Encoded:
    """One question and passage with its targets; an answer that was cut off counts as absent."""
    packed = pack(tokenizer, reading.question, PassageText(title, reading.text, reading.sentences), LONGEST)
    answer = reading.answer
    if answer is not None:
        inside = [i for i, (a, b) in enumerate(packed.offsets) if a < answer[1] and b > answer[0]]
        if inside and packed.offsets[inside[-1]][1] >= answer[1]:
            target = sentence_of(reading.sentences, answer) + 1
            return Encoded(packed, packed.first + inside[0], packed.first + inside[-1], target)
    return Encoded(packed, 0, 0, 0)


def encode_judged(tokenizer: Tokenizer, one: Judged) -> Encoded:
    """A statement and what it cites, as the service packs them."""
    text = " ".join(one.cited)
    packed = pack(tokenizer, one.draft, PassageText(one.title, text, ((0, len(text)),)), LONGEST, STATEMENT_TOKENS)
    return Encoded(packed, 0, 0, 0, int(one.supported))


@dataclass(frozen=True)
class Batch:
    """Tensors int64: ids, types, mask [batch, length]; ``place`` [batch, length] is 0 at [CLS], 1 + sentence at the
    text's tokens, −1 elsewhere; targets [batch]."""

    ids: Tensor
    types: Tensor
    mask: Tensor
    place: Tensor
    start: Tensor
    end: Tensor
    target: Tensor
    supported: Tensor


def padded(batch: Sequence[Encoded], masked: float, mask_id: int, random: Random) -> Batch:
    """One batch, filled up to its longest row; a share of its tokens, [CLS] and [SEP] aside, is masked."""
    longest = -(-max(len(e) for e in batch) // STEP) * STEP
    ids = np.zeros((len(batch), longest), np.int64)
    types, mask, place = np.zeros_like(ids), np.zeros_like(ids), np.full_like(ids, -1)
    for row, e in enumerate(batch):
        ids[row, : len(e)] = e.packed.ids
        types[row, : len(e)] = e.packed.types
        mask[row, : len(e)] = 1
        place[row, 0] = 0
        place[row, e.packed.first : e.packed.first + len(e.packed.sentence)] = np.asarray(e.packed.sentence) + 1
    if masked:
        words = (mask == 1) & (place != 0) & (ids != batch[0].packed.ids[-1])
        ids[words & (random.random(ids.shape) < masked)] = mask_id
    tensors = [torch.from_numpy(array) for array in (ids, types, mask, place)]
    targets = [torch.tensor([getattr(e, name) for e in batch]) for name in ("start", "end", "target", "supported")]
    return Batch(*tensors, *targets)


def sentence_logits(out: Tensor, place: Tensor) -> Tensor:
    """[batch, 1 + most sentences]: the number of "nothing", then the mean over each sentence's tokens."""
    size = int(place.max()) + 1
    kept = place >= 0
    where = place.clamp(min=0)
    sums = torch.zeros(len(out), size).scatter_add(1, where, out[..., 2] * kept)
    counts = torch.zeros(len(out), size).scatter_add(1, where, kept.float())
    return torch.where(counts > 0, sums / counts.clamp(min=1), torch.full_like(sums, -1e4))


def loss_of(out: Tensor, batch: Batch, recipe: Recipe) -> Tensor:
    """Of questions the sentence's cross-entropy and the weighted span's, of statements the support's; their mean."""
    read = batch.supported < 0
    target = torch.where(read, batch.target, -100)  # which cross_entropy leaves out
    sentence = nn.functional.cross_entropy(sentence_logits(out, batch.place), target, reduction="sum")
    tokens = out[..., :2].masked_fill((batch.place < 0)[..., None], -1e4)
    spans = sum(
        nn.functional.cross_entropy(tokens[..., i], torch.where(read, place, -100), reduction="sum")
        for i, place in enumerate((batch.start, batch.end))
    )
    support = nn.functional.binary_cross_entropy_with_logits(
        out[:, 0, 3], batch.supported.clamp(min=0).float(), (~read).float(), reduction="sum"
    )
    return (sentence + recipe.span / 2 * spans + support) / len(out)


def cropped(reading: Reading, random: Random) -> Reading:
    """A window of one to four sentences around the one that answers, or anywhere where none does."""
    count = len(reading.sentences)
    size = min(int(random.integers(1, 5)), count)
    centre = reading.sentence if reading.sentence is not None else int(random.integers(count))
    first = int(random.integers(max(0, centre - size + 1), min(centre, count - size) + 1))
    begin, end = reading.sentences[first][0], reading.sentences[first + size - 1][1]
    answer = reading.answer
    if answer is not None:
        if not begin <= answer[0] < answer[1] <= end:
            return reading
        answer = (answer[0] - begin, answer[1] - begin)
    sentences = tuple((a - begin, b - begin) for a, b in reading.sentences[first : first + size])
    return replace(reading, text=reading.text[begin:end], sentences=sentences, answer=answer)


def joined(reading: Reading, other: Reading, random: Random) -> Reading:
    """The text with some sentences of another text of its group before or after it."""
    count = int(random.integers(1, min(4, len(other.sentences)) + 1))
    first = int(random.integers(len(other.sentences) - count + 1))
    piece = other.text[other.sentences[first][0] : other.sentences[first + count - 1][1]]
    if any(answer and answer.lower() in piece.lower() for answer in reading.answers):
        return reading
    if random.random() < 0.5:
        text, shift = f"{piece} {reading.text}", len(piece) + 1
        answer = None if reading.answer is None else (reading.answer[0] + shift, reading.answer[1] + shift)
        sentences = (*cut(piece), *((a + shift, b + shift) for a, b in reading.sentences))
    else:
        text, answer = f"{reading.text} {piece}", reading.answer
        sentences = (
            *reading.sentences,
            *((a + len(reading.text) + 1, b + len(reading.text) + 1) for a, b in cut(piece)),
        )
    return replace(reading, text=text, sentences=sentences, answer=answer)


def wrong(reading: Reading, other: Reading) -> Reading | None:
    """The question asked of another text, unless an accepted answer stands in it."""
    if any(answer and answer.lower() in other.text.lower() for answer in reading.answers):
        return None
    return replace(other, question=reading.question, answer=None, answers=())


def chunks(readings: list[Reading], size: int, random: Random) -> Iterator[list[Reading]]:
    """One pass in random order."""
    order = random.permutation(len(readings))
    for start in range(0, len(order), size):
        yield [readings[int(i)] for i in order[start : start + size]]


def rivals_of(readings: list[Reading], depth: int = 6) -> dict[str, list[Reading]]:
    """Question → a reading of each of the other texts among the first that BM25 finds for it."""
    import bm25s
    import Stemmer

    stemmer = Stemmer.Stemmer("french")
    holders = {one.text: one for one in reversed(readings)}
    texts = sorted(holders)

    def tokens(of: list[str]) -> object:
        return bm25s.tokenize(of, stopwords="fr", stemmer=stemmer, show_progress=False)

    index = bm25s.BM25()
    index.index(tokens(texts), show_progress=False)
    runs = index.retrieve(tokens([one.question for one in readings]), k=depth, show_progress=False)[0]
    return {
        one.question: [holders[texts[row]] for row in run if texts[row] != one.text]
        for one, run in zip(readings, runs, strict=True)
    }


def batches_of(
    chunk: list[Reading],
    groups: dict[str, list[Reading]],
    rivals: dict[str, list[Reading]],
    statements: Sequence[Judged],
    table: Swaps,
    tokenizer: Tokenizer,
    recipe: Recipe,
    random: Random,
) -> list[list[Encoded]]:
    """Batches of about ``recipe.tokens`` tokens, texts of like length together, each reading drawn anew; with the
    statements."""
    drawn: list[Reading] = []
    for reading in chunk:
        for _ in range(1 if reading.lang == "en" else recipe.french):
            neighbours = groups[reading.group]
            other = neighbours[int(random.integers(len(neighbours)))]
            chance = random.random()
            if chance < recipe.cropped:
                drawn.append(cropped(reading, random))
            elif chance < recipe.cropped + recipe.joined and other.text != reading.text:
                drawn.append(joined(reading, other, random))
            else:
                drawn.append(reading)
            if reading.answer is not None and random.random() < recipe.negatives:
                if (
                    other.text == reading.text or random.random() < 0.6
                ):  # a text found by search, else of the same group
                    others = rivals[reading.question] or chunk
                    other = others[int(random.integers(len(others)))]
                away = wrong(reading, other) if other.text != reading.text else None
                if away:
                    drawn.append(cropped(away, random) if random.random() < recipe.cropped else away)
    encoded = [encode_judged(tokenizer, one) for one in statements]
    for one in drawn:
        mixed = one.lang == "en" and random.random() < recipe.switch
        shown = switched(one, table, float(random.choice([0.4, 0.7, 1.0])), random) if mixed else one
        encoded.append(encode(tokenizer, shown, shown.title if random.random() < recipe.titled else ""))
    encoded = [encoded[int(i)] for i in np.argsort([len(e) + random.normal(0, 8) for e in encoded])]
    batches: list[list[Encoded]] = [[]]
    longest = 0
    for e in encoded:
        longest = max(longest, -(-len(e) // STEP) * STEP)
        if batches[-1] and (len(batches[-1]) + 1) * longest > recipe.tokens:
            batches.append([])
            longest = -(-len(e) // STEP) * STEP
        batches[-1].append(e)
    return [batches[int(i)] for i in random.permutation(len(batches))]


def learning_rate(step: int, progress: float, warm_up: int) -> float:
    """Share of the full rate: linear warm-up, then down to a fiftieth as ``progress`` goes from 0 to 1."""
    return min((step + 1) / warm_up, max(0.02, 1 - progress))


def train(
    reader: Reader,
    tokenizer: Tokenizer,
    readings: list[Reading],
    drafts: Sequence[Judged],
    table: Swaps,
    out: Path,
    recipe: Recipe,
) -> None:
    """Run the recipe; the weights are written after every chunk."""
    tokenizer.no_padding()
    tokenizer.no_truncation()
    words = reader.bert.embeddings.word_embeddings.weight
    words.requires_grad_(False)
    layers = [p for p in reader.bert.parameters() if p is not words]
    rounded = copy.deepcopy(reader.bert).bfloat16()  # which is read with; what is learned is added in 32 bits
    rounded_layers = [p for p in rounded.parameters() if p.requires_grad]
    optimiser = torch.optim.AdamW(
        [{"params": layers, "lr": recipe.rate}, {"params": reader.head.parameters(), "lr": recipe.head_rate}],
        weight_decay=0.01,
    )
    full = [group["lr"] for group in optimiser.param_groups]
    reader.train(True)
    rounded.train(True)
    for module in rounded.modules():  # drawing their masks takes half the time of a step
        if isinstance(module, nn.Dropout):
            module.p = 0.0
    torch.manual_seed(recipe.seed)
    groups: dict[str, list[Reading]] = {}
    for reading in readings:
        groups.setdefault(reading.group, []).append(reading)
    rivals = rivals_of(readings)
    step, seen, began, running = 0, 0, time.monotonic(), 0.0
    random = np.random.default_rng(recipe.seed)
    while True:
        for chunk in chunks(readings, CHUNK, random):
            count = round(recipe.judged * len(drafts) * len(chunk) / len(readings))
            statements = [drafts[int(i)] for i in random.choice(len(drafts), count, replace=count > len(drafts))]
            batches = batches_of(chunk, groups, rivals, statements, table, tokenizer, recipe, random)
            for number, batch in enumerate(batches):
                done = (seen + len(chunk) * number / len(batches)) / (recipe.epochs * len(readings))
                done = max(done, (time.monotonic() - began) / recipe.seconds)
                for group, rate in zip(optimiser.param_groups, full, strict=True):
                    group["lr"] = rate * learning_rate(step, done, recipe.warm_up)
                tensors = padded(batch, recipe.masked, tokenizer.token_to_id("[MASK]"), random)
                loss = loss_of(reader(tensors.ids, tensors.types, tensors.mask, rounded), tensors, recipe)
                optimiser.zero_grad(set_to_none=True)
                loss.backward()
                for layer, low in zip(layers, rounded_layers, strict=True):
                    layer.grad, low.grad = low.grad.float(), None
                nn.utils.clip_grad_norm_(layers, 1.0)
                optimiser.step()
                with torch.no_grad():
                    for layer, low in zip(layers, rounded_layers, strict=True):
                        low.copy_(layer)
                running += float(loss.detach())
                step += 1
                if step % 20 == 0:
                    print(f"{step} {done:.3f} loss {running / 20:.3f} {time.monotonic() - began:.0f} s", flush=True)
                    running = 0.0
                if done >= 1:
                    break
            seen += len(chunk)
            save(reader, tokenizer, out, recipe, step)
            if seen >= recipe.epochs * len(readings) or time.monotonic() - began > recipe.seconds:
                return


def save(reader: Reader, tokenizer: Tokenizer, out: Path, recipe: Recipe, step: int) -> None:
    """The encoder, the head and what made them."""
    save_bert(reader.bert, tokenizer, out)
    save_file({k: v.contiguous() for k, v in reader.head.state_dict().items()}, out / "head.safetensors")
    (out / "recipe.json").write_text(json.dumps({**asdict(recipe), "step": step}, indent=1) + "\n", encoding="utf-8")


def load(folder: Path) -> tuple[Reader, Tokenizer]:
    """A saved reader, or a fresh one over an encoder's folder."""
    reader = Reader(load_bert(folder))
    if (folder / "head.safetensors").exists():
        reader.head.load_state_dict(load_file(folder / "head.safetensors"))
    return reader, Tokenizer.from_file(str(folder / "tokenizer.json"))


def readings_of(data: Path, clones: Path, english: float, random: Random) -> list[Reading]:
    """A share of SQuAD, PIAF's train articles, the written questions."""
    asked = [one for one in squad(clones / "rajpurkar+SQuAD-explorer" / "repo") if random.random() < english]
    return [*asked, *piaf(data / "qa/piaf-v1.0-part.json", "train"), *written(data, clones)]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--start", type=Path, required=True)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--wordnet", type=Path, required=True)
    parser.add_argument("--clones", type=Path, required=True, help="holds OWNER+NAME/repo, a bare clone each")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--threads", type=int, default=2)
    for name, default in asdict(Recipe()).items():
        parser.add_argument(f"--{name.replace('_', '-')}", type=type(default), default=default)
    arguments = parser.parse_args()
    torch.set_flush_denormal(True)  # before any thread starts: tiny gradients would slow a step down many times
    torch.set_num_threads(arguments.threads)
    recipe = Recipe(**{name: getattr(arguments, name) for name in asdict(Recipe())})
    reader, tokenizer = load(arguments.start)
    readings = readings_of(arguments.data, arguments.clones, recipe.english, np.random.default_rng(recipe.seed))
    drafts = list(judged(arguments.data, arguments.clones))
    print(len(readings), "readings", fingerprint(readings), len(drafts), "statements")
    table = swaps(arguments.data / "lexicons", arguments.wordnet)
    train(reader, tokenizer, readings, drafts, table, arguments.out, recipe)


if __name__ == "__main__":
    main()
