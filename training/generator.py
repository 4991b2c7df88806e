"""The bundled generator's adapter: SmolLM2 learns to write the short answer as one French sentence in its source's words.

    python -m training.generator --base SmolLM2-135M-Instruct.Q4_1.gguf --data DATA --clones CLONES --out work/generator
    python -m training.generator --base … --export work/generator --to models/generator/adapter.gguf

LoRA on all projections, the quantised base as it is, loss on the answer alone. A checkpoint every ``EVERY`` steps; the same
command goes on from the last one. One text in twelve, by a hash of its name, is kept for the dev loss that is printed.
"""

import argparse
import hashlib
import math
import random
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import torch
import torch.nn.functional as F
from safetensors.torch import load_file, save_file

from service.prose.llama_child import LoadedModel
from training.llama import Llama, write_adapter
from training.sentences import Written, sentences

RANK, ALPHA = 16, 32.0
BATCH, EPOCHS, RATE, WARM_UP, EVERY = 8, 1, 1e-3, 10, 40
LONGEST = 192  # tokens: longer examples are left out, they cost more than they teach
SYSTEM = "Réponds en une phrase, avec les mots des citations."


@dataclass(frozen=True, slots=True)
class Example:
    """Tokens of prompt and answer; those from ``start`` on are to be learnt."""

    tokens: list[int]
    start: int


def user_turn(question: str, shown: tuple[str, ...]) -> str:
    """What the model is asked: the numbered sentences, then the question."""
    numbered = "\n".join(f"[{n}] {sentence}" for n, sentence in enumerate(shown, 1))
    return f"{numbered}\n\nQuestion : {question}"


def examples(written: list[Written], base: Path) -> list[Example]:
    """Each written answer in the base model's own tokens and chat format."""
    model = LoadedModel(str(base), None, 1, 2 * LONGEST, 0.0, None)
    end = model.tokenize("<|im_end|>", special=True)
    made = []
    for one in written:
        prompt = model.prompt([("system", SYSTEM), ("user", user_turn(one.question, one.sentences))])
        answer = model.tokenize(f"{one.answer} [{one.n}]", special=False) + end
        if len(prompt) + len(answer) <= LONGEST:
            made.append(Example(prompt + answer, len(prompt)))
    return made


def held_out(one: Written) -> bool:
    """Whether its text is one of those that nothing is learnt from."""
    return int(hashlib.sha256(one.group.encode()).hexdigest(), 16) % 12 == 0


def batches(made: list[Example], epoch: int) -> Iterator[list[Example]]:
    """The examples in an order of the epoch's own, those of like length together."""
    rng = random.Random(epoch)
    order = rng.sample(made, len(made))
    found = []
    for first in range(0, len(order), BATCH * 16):
        window = sorted(order[first : first + BATCH * 16], key=lambda one: len(one.tokens))
        found += [window[i : i + BATCH] for i in range(0, len(window), BATCH)]
    yield from rng.sample(found, len(found))


def loss_of(model: Llama, batch: list[Example]) -> tuple[torch.Tensor, int]:
    """Sum of the cross-entropy over the answers' tokens, and their number."""
    longest = -(-max(len(one.tokens) for one in batch) // 16) * 16
    tokens = torch.zeros(len(batch), longest, dtype=torch.long)
    told = torch.zeros(len(batch), longest, dtype=torch.bool)
    for row, one in enumerate(batch):
        tokens[row, : len(one.tokens)] = torch.tensor(one.tokens)
        told[row, one.start - 1 : len(one.tokens) - 1] = True
    with torch.autocast("cpu", torch.bfloat16):
        logits = model.logits(model(tokens)[told])
    wanted = tokens.roll(-1, 1)[told]
    return F.cross_entropy(logits.float(), wanted, reduction="sum"), len(wanted)


def train(base: Path, data: Path, clones: Path | None, out: Path) -> None:
    torch.manual_seed(1)
    torch.set_flush_denormal(True)
    written = list(sentences(data, clones))
    learnt = examples([one for one in written if not held_out(one)], base)
    held = examples([one for one in written if held_out(one)], base)
    model = Llama(base, RANK, ALPHA)
    optimiser = torch.optim.AdamW(model.parameters(), lr=RATE, betas=(0.9, 0.98), weight_decay=0.0)
    steps = EPOCHS * math.ceil(len(learnt) / BATCH)
    done = resume(out, model, optimiser)
    print(f"{len(learnt)} examples, {len(held)} held, {steps} steps, from {done}", flush=True)
    step, start = 0, time.monotonic()
    for epoch in range(EPOCHS):
        for batch in batches(learnt, epoch):
            step += 1
            if step <= done:
                continue
            for group in optimiser.param_groups:
                rise = min(1.0, step / WARM_UP)
                group["lr"] = RATE * rise * (0.05 + 0.95 * 0.5 * (1 + math.cos(math.pi * step / steps)))
            optimiser.zero_grad()
            total, number = loss_of(model, batch)
            (total / number).backward()
            torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimiser.step()
            if step % 5 == 0:
                print(f"{step} {total.item() / number:.3f} {time.monotonic() - start:.0f} s", flush=True)
            if step % EVERY == 0 or step == steps:
                print(f"{step} dev {measure(model, held):.4f}", flush=True)
                save(out, model, optimiser, step)


def measure(model: Llama, held: list[Example]) -> float:
    """Mean cross-entropy of a held answer's token."""
    with torch.no_grad():
        found = [loss_of(model, held[i : i + BATCH]) for i in range(0, len(held), BATCH)]
    return sum(total.item() for total, _ in found) / sum(number for _, number in found)


def save(out: Path, model: Llama, optimiser: torch.optim.Optimizer, step: int) -> None:
    """Weights, the optimiser's moments and the step in one file, whole or not there."""
    out.mkdir(parents=True, exist_ok=True)
    kept = {f"weight.{name}": value.detach() for name, value in model.named_parameters()}
    for number, state in optimiser.state_dict()["state"].items():
        kept |= {f"state.{number}.{name}": torch.as_tensor(value) for name, value in state.items()}
    save_file(kept, out / "last.new", {"step": str(step)})
    (out / "last.new").replace(out / "last.safetensors")


def resume(out: Path, model: Llama, optimiser: torch.optim.Optimizer | None) -> int:
    """Load the last checkpoint, if there is one; the step it was made at, else 0."""
    path = out / "last.safetensors"
    if not path.is_file():
        return 0
    kept = load_file(path)
    model.load_state_dict(
        {n.removeprefix("weight."): v for n, v in kept.items() if n.startswith("weight.")}, strict=False
    )
    states: dict[int, dict[str, torch.Tensor]] = {}
    for name, value in kept.items():
        if name.startswith("state."):
            _, number, of = name.split(".")
            states.setdefault(int(number), {})[of] = value
    if optimiser is not None:
        optimiser.load_state_dict({**optimiser.state_dict(), "state": states})
    return int(states[0]["step"])


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--base", type=Path, required=True)
    parser.add_argument("--data", type=Path)
    parser.add_argument("--clones", type=Path)
    parser.add_argument("--out", type=Path)
    parser.add_argument("--export", type=Path)
    parser.add_argument("--to", type=Path)
    given = parser.parse_args()
    if given.export is not None:
        model = Llama(given.base, RANK, ALPHA)
        assert resume(given.export, model, None), given.export
        write_adapter(model, given.to, "coulisses-generator")
        return
    train(given.base, given.data, given.clones, given.out)


if __name__ == "__main__":
    main()
