"""How long a user waits: the first index, the cold command, the warm engine, the service.

    python bench/answer.py

Prints medians over whole processes or requests, on the texts of seeds/ and the questions of the gold set.
"""

import json
import os
import resource as system
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from collections.abc import Callable
from functools import partial
from pathlib import Path

from eval.gold import SEEDS_GOLD, load_gold
from indexer.resources import resource
from service.engine import open_engine

ROOT = Path(__file__).resolve().parent.parent
QUESTION = "qu'est-ce que le paradoxe du back-office"


def main() -> None:
    with tempfile.TemporaryDirectory() as home:
        environment = {**os.environ, "COULISSES_HOME": home}

        def ask(*arguments: str) -> float:
            start = time.perf_counter()
            subprocess.run([sys.executable, "-m", "ask.main", *arguments], cwd=ROOT, env=environment, check=True,
                           capture_output=True)  # fmt: skip
            return time.perf_counter() - start

        print(f"index of seeds/, whole process     {ask('index', str(resource('seeds'))):8.2f} s")
        print(f"the same again, nothing changed     {median(lambda: ask('index')):8.2f} s")
        print(f"cold ask, whole process             {median(lambda: ask(QUESTION)):8.2f} s")
        peak = system.getrusage(system.RUSAGE_CHILDREN).ru_maxrss / 1024
        print(f"peak memory of the largest process  {peak:8.0f} MB")
        engine = open_engine(Path(home, "indexes", "seeds"))
        questions = [one.question for one in load_gold(SEEDS_GOLD)]
        engine.ask(questions[0])
        times = [timed(partial(engine.ask, q)) for q in questions]
        print(f"warm engine, {len(times)} questions         {statistics.median(times) * 1000:8.1f} ms")
        times = served(questions, Path(home, "indexes", "seeds"))
        print(f"POST /ask on the loopback           {statistics.median(times) * 1000:8.1f} ms")
        print(f"  the slowest of twenty             {statistics.quantiles(times, n=20)[-1] * 1000:8.1f} ms")


def median(measure: Callable[[], float], runs: int = 5) -> float:
    measure()
    return statistics.median(measure() for _ in range(runs))


def timed(call: Callable[[], object]) -> float:
    start = time.perf_counter()
    call()
    return time.perf_counter() - start


def served(questions: list[str], index: Path) -> list[float]:
    process = subprocess.Popen(
        [sys.executable, "-m", "ask.main", "serve", "--port", "0", "--index", str(index)],
        cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
    )  # fmt: skip
    try:
        assert process.stdout is not None
        address = process.stdout.readline().strip()
        timer = threading.Timer(120, process.kill)
        timer.start()

        def post(question: str) -> None:
            body = json.dumps({"question": question}).encode()
            request = urllib.request.Request(f"{address}/ask", body, {"Content-Type": "application/json"})
            with urllib.request.urlopen(request, timeout=30) as response:
                response.read()

        post(questions[0])
        times = [timed(partial(post, q)) for q in questions]
        timer.cancel()
        return times
    finally:
        process.terminate()
        process.wait(timeout=30)


if __name__ == "__main__":
    main()
