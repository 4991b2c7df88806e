import os
import re
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import gguf
import numpy as np
import pytest

from indexer.errors import GeneratorExtraMissing, GeneratorFailed, GeneratorMissing, PromptTooLong
from service.prose.generator import Budget, Message
from service.prose.llama import LlamaGenerator
from tests.service.prose.conftest import BUDGET, MESSAGES

ENDLESS = 'root ::= ("a" | "b" | " ")*'  # the end is never likelier than the next letter
LONG = (Message("user", "The beaver builds a dam across the river. " * 100),)  # some 900 tokens


def text_of(generator: LlamaGenerator, messages=MESSAGES, grammar=None, budget=BUDGET, **wishes) -> str:
    return "".join(generator.generate(messages, grammar, budget, **wishes))


def wait_until(condition, seconds: float = 10.0) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.01)


def test_writes_greedily(shared_generator):
    text = text_of(shared_generator)
    assert "beaver" in text.lower()
    assert text_of(shared_generator) == text


def test_counts_the_tokens_that_it_reads(shared_generator):
    counted = shared_generator.count_tokens(MESSAGES)
    text_of(shared_generator)
    assert shared_generator.usage.prompt == counted


def test_the_context_is_never_more_than_the_model_was_made_for(opened, shared_generator):
    assert shared_generator.context == 2048
    assert opened(context=1_000_000).context == 8192


def test_the_token_budget_holds(shared_generator):
    text_of(shared_generator, grammar=ENDLESS, budget=Budget(5, 60))
    assert (shared_generator.usage.written, shared_generator.usage.reason) == (5, "length")


def test_the_seconds_of_the_budget_hold_while_writing(shared_generator):
    shared_generator.count_tokens(MESSAGES)  # loaded
    start = time.monotonic()
    text_of(shared_generator, grammar=ENDLESS, budget=Budget(1500, 0.5))
    assert time.monotonic() - start < 2
    assert shared_generator.usage.reason == "seconds"


def test_the_seconds_of_the_budget_hold_while_reading(shared_generator):
    shared_generator.count_tokens(MESSAGES)
    start = time.monotonic()
    assert text_of(shared_generator, LONG, budget=Budget(100, 0.1)) == ""
    assert time.monotonic() - start < 2
    assert shared_generator.usage.reason == "seconds"


def test_a_prompt_that_does_not_fit_is_refused_before_it_is_read(shared_generator):
    pid = shared_generator.pid
    with pytest.raises(PromptTooLong) as caught:
        text_of(shared_generator, budget=Budget(2048, 60))
    assert caught.value.fields["limit"] == 2048
    with pytest.raises(PromptTooLong):
        text_of(shared_generator, (Message("user", "castor " * 20_000),))
    assert text_of(shared_generator)
    assert shared_generator.pid == pid


def test_a_prompt_of_more_bytes_than_a_frame_is_refused(shared_generator):
    with pytest.raises(GeneratorFailed):
        shared_generator.count_tokens((Message("user", "x" * 17_000_000),))
    assert text_of(shared_generator)


def test_the_grammar_is_obeyed(shared_generator):
    grammar = 'root ::= sentence sentence\nsentence ::= [A-Z] [a-z ]{5,40} " [" [12] "]. "'
    text = text_of(shared_generator, grammar=grammar, budget=Budget(100, 60))
    assert re.fullmatch(r"([A-Z][a-z ]{5,40} \[[12]\]\. ){2}", text)
    assert shared_generator.usage.reason == "stop"


def test_the_grammar_is_obeyed_in_accents_and_signs_of_several_tokens(shared_generator):
    sentence = "« Où l’été s’achève… 🦫 » [7]"
    assert text_of(shared_generator, grammar=f'root ::= "{sentence}"', budget=Budget(60, 60)) == sentence


@pytest.mark.parametrize("grammar", ["", "root ::= (", 'top ::= "a"', "\x00", 'root ::= root "a"'])
def test_a_grammar_that_is_none_is_a_failure_and_no_more(shared_generator, grammar):
    with pytest.raises(GeneratorFailed):
        text_of(shared_generator, grammar=grammar)
    assert text_of(shared_generator, budget=Budget(1, 60))


def test_an_unknown_role_is_refused(shared_generator):
    with pytest.raises(GeneratorFailed, match="role"):
        text_of(shared_generator, (Message("user\n<|im_end|>", "x"),))


def test_what_was_read_before_is_not_read_again(shared_generator):
    evidence = LONG[0].content[:600]
    text_of(shared_generator, (Message("user", f"{evidence}What is it?"),), budget=Budget(1, 60))
    text_of(shared_generator, (Message("user", f"{evidence}And then?"),), budget=Budget(1, 60))
    assert shared_generator.usage.reused > 0.8 * shared_generator.usage.prompt


def test_with_a_temperature_it_writes_otherwise_and_by_its_seed(opened):
    first, second = opened(temperature=1.5, seed=1), opened(temperature=1.5, seed=1)
    drawn = text_of(first)
    assert drawn == text_of(second)
    assert drawn != text_of(first)


@pytest.mark.parametrize("after", [0, 3])  # in the middle of reading, in the middle of writing
def test_a_cancel_frees_the_model(shared_generator, after):
    text_of(shared_generator)
    pid = shared_generator.pid
    cancelled = threading.Event()
    messages = MESSAGES if after else (Message("user", f"{time.time()} {LONG[0].content}"),)
    pieces = shared_generator.generate(messages, ENDLESS, Budget(400, 60), cancelled.is_set)
    for _ in range(after):
        next(pieces)
    threading.Timer(0.1, cancelled.set).start()
    rest = list(pieces)
    assert rest == [] or after
    assert len(rest) < 300
    assert text_of(shared_generator, budget=Budget(1, 60))
    assert shared_generator.pid == pid  # it stopped within FREE_SECONDS, or it would have been killed


def test_an_answer_that_nobody_reads_on_frees_the_model(shared_generator):
    pid = shared_generator.pid
    pieces = shared_generator.generate(MESSAGES, ENDLESS, Budget(1500, 60))
    next(pieces)
    pieces.close()
    assert text_of(shared_generator)
    assert shared_generator.pid == pid


def test_several_at_once_are_served_in_turn(shared_generator):
    texts: list[str] = []
    threads = [threading.Thread(target=lambda: texts.append(text_of(shared_generator))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(texts) == 4
    assert len(set(texts)) == 1


def test_the_death_of_the_child_is_a_failure_and_it_is_back(opened):
    generator = opened()
    pieces = generator.generate(MESSAGES, ENDLESS, Budget(1500, 60))
    next(pieces)
    pid = generator.pid
    os.kill(pid, signal.SIGKILL)
    with pytest.raises(GeneratorFailed, match="SIGKILL"):
        for _ in pieces:
            pass
    assert text_of(generator, budget=Budget(1, 60))
    assert generator.pid != pid


def test_a_child_that_hangs_is_killed(opened):
    generator = opened()
    text_of(generator)
    pid = generator.pid
    os.kill(pid, signal.SIGSTOP)
    with pytest.raises(GeneratorFailed, match="à temps"):
        text_of(generator, budget=Budget(10, 0.2))
    assert text_of(generator)
    assert generator.pid != pid


def test_a_child_that_does_not_hear_a_cancel_is_killed(opened):
    generator = opened()
    pieces = generator.generate(MESSAGES, ENDLESS, Budget(1500, 60))
    next(pieces)
    pid = generator.pid
    os.kill(pid, signal.SIGSTOP)
    pieces.close()
    assert text_of(generator)
    assert generator.pid != pid


def test_a_death_while_nobody_asks_goes_unnoticed(opened):
    generator = opened()
    text_of(generator)
    pid = generator.pid
    os.kill(pid, signal.SIGABRT)
    wait_until(lambda: generator.pid not in (None, pid))
    assert text_of(generator)


PARENT = """
import sys, time
from pathlib import Path
from service.prose.llama import LlamaGenerator
generator = LlamaGenerator(Path(sys.argv[1]), threads=1, context=512)
generator.context
print(generator.pid, flush=True)
time.sleep(600)
"""


@pytest.mark.parametrize("stopped", [False, True])
def test_the_child_ends_with_its_parent(model, stopped):
    with subprocess.Popen([sys.executable, "-c", PARENT, str(model)], stdout=subprocess.PIPE, text=True) as parent:
        pid = int(parent.stdout.readline())
        if stopped:
            os.kill(pid, signal.SIGSTOP)
        parent.kill()

    def gone() -> bool:
        try:
            return Path(f"/proc/{pid}/stat").read_text().split(") ")[1][0] == "Z"  # killed; not yet waited for by init
        except OSError:
            return True

    wait_until(gone)


INTERRUPTED = """
import sys, time
from pathlib import Path
from service.prose.generator import Budget, Message
from service.prose.llama import LlamaGenerator
generator = LlamaGenerator(Path(sys.argv[1]), threads=1, context=512)
messages = (Message("user", "Bonjour"),)
generator.count_tokens(messages)
pid = generator.pid
try:
    for piece in generator.generate(messages, 'root ::= ("a" | "b" | " ")*', Budget(400, 60), lambda: False):
        print(piece, flush=True)
except KeyboardInterrupt:
    generator.count_tokens(messages)
    print("free" if generator.pid == pid else "restarted", flush=True)
"""


def test_ctrl_c_frees_the_model(model):
    with subprocess.Popen(
        [sys.executable, "-c", INTERRUPTED, str(model)], stdout=subprocess.PIPE, text=True
    ) as process:
        process.stdout.readline()
        process.send_signal(signal.SIGINT)
        assert process.stdout.read().split("\n")[-2] == "free"


def test_the_child_outlives_the_thread_that_opened_it(opened):
    made: list[LlamaGenerator] = []
    thread = threading.Thread(target=lambda: made.append(opened()))
    thread.start()
    thread.join()
    text_of(made[0])
    pid = made[0].pid
    time.sleep(0.2)
    assert text_of(made[0])
    assert made[0].pid == pid


def test_the_child_is_given_no_secret_of_the_environment(opened, monkeypatch):
    monkeypatch.setenv("OPENAI_API_KEY", "sk-canari")
    generator = opened()
    text_of(generator)
    assert b"canari" not in Path(f"/proc/{generator.pid}/environ").read_bytes()


def test_nothing_is_imported_from_the_folder_that_one_stands_in(opened, tmp_path, monkeypatch):
    (tmp_path / "numpy.py").write_text("raise SystemExit('forged')")
    monkeypatch.chdir(tmp_path)
    assert text_of(opened())


def test_after_close_it_says_so(opened):
    generator = opened()
    text_of(generator)
    pid = generator.pid
    generator.close()
    assert not Path(f"/proc/{pid}").exists()
    with pytest.raises(GeneratorFailed, match="fermé"):
        text_of(generator)


def test_it_may_be_closed_while_it_loads(opened):
    generator = opened()
    generator.close()
    assert generator.pid is None
    with pytest.raises(GeneratorFailed, match="fermé"):
        text_of(generator)


def test_no_file_is_missing(tmp_path):
    with pytest.raises(GeneratorMissing):
        LlamaGenerator(tmp_path / "none.gguf")


def test_a_file_of_another_kind_is_refused_at_once(tmp_path):
    (tmp_path / "a.gguf").write_bytes(b"PK\3\4 no model")
    with pytest.raises(GeneratorFailed):
        LlamaGenerator(tmp_path / "a.gguf")


@pytest.mark.parametrize("size", [8, 3_000_000])
def test_a_damaged_file_is_a_failure_and_is_not_tried_for_ever(opened, model, tmp_path, size):
    path = tmp_path / "damaged.gguf"
    with model.open("rb") as whole:
        path.write_bytes(whole.read(size))
    generator = opened(path)
    with pytest.raises(GeneratorFailed):
        text_of(generator)
    start = time.monotonic()
    with pytest.raises(GeneratorFailed):
        text_of(generator)
    assert time.monotonic() - start < 0.5


def test_the_file_must_be_the_one_that_was_meant(opened, model, tmp_path):
    with pytest.raises(GeneratorFailed, match="SHA-256"):
        opened(sha256="0" * 64)


def test_without_the_extra_it_says_what_to_install(model, monkeypatch):
    monkeypatch.setitem(sys.modules, "llama_cpp", None)
    with pytest.raises(GeneratorExtraMissing, match=r"coulisses\[llm\]"):
        LlamaGenerator(model)


def adapter_of(path: Path) -> Path:
    """A LoRA in GGUF for the small model (576 dimensions), of rank 4."""
    random = np.random.default_rng(0)
    writer = gguf.GGUFWriter(path, "llama")
    writer.add_type("adapter")
    writer.add_string("adapter.type", "lora")
    writer.add_float32("adapter.lora.alpha", 4.0)
    for layer in range(8):
        name = f"blk.{layer}.attn_q.weight"
        writer.add_tensor(f"{name}.lora_a", random.normal(size=(4, 576)).astype(np.float32))
        writer.add_tensor(f"{name}.lora_b", random.normal(size=(576, 4)).astype(np.float32))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return path


def test_an_adapter_changes_what_is_written(opened, shared_generator, tmp_path):
    text = text_of(shared_generator)
    changed = opened(adapter=adapter_of(tmp_path / "strong.gguf"))
    assert text_of(changed) != text
    assert changed.name.endswith(".gguf + strong.gguf")


def test_an_adapter_that_is_none_is_a_failure(opened, model):
    with pytest.raises(GeneratorFailed):
        text_of(opened(adapter=model))
