"""The index changed under load: how many requests fail, and how long the slowest waits for a new generation.

    python bench/swaps.py [SWAPS]

A real `ask serve`, two clients that ask over and over, and a folder that is changed and indexed SWAPS times (500),
one generation right after the other, whether or not the service has taken up the one before.
"""

import json
import os
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request
from pathlib import Path

from indexer.build import build
from indexer.manifest import Settings
from indexer.resources import resource

ROOT = Path(__file__).resolve().parent.parent
QUESTION = "Depuis quand le phare de la pointe nord guide-t-il les pêcheurs ?"


def text_of(number: int) -> str:
    return f"Le moulin moud le blé.\n\nLe phare de la pointe nord guide les pêcheurs depuis {1000 + number} par tous les temps.\n"


class Asking(threading.Thread):
    def __init__(self, address: str) -> None:
        super().__init__(daemon=True)
        self.stop = threading.Event()
        self.times: list[float] = []
        self.failures: list[str] = []
        self.wrong = 0
        self.generations: set[str] = set()
        self._address = address

    def run(self) -> None:
        body = json.dumps({"question": QUESTION}).encode()
        while not self.stop.is_set():
            request = urllib.request.Request(f"{self._address}/ask", body, {"Content-Type": "application/json"})
            start = time.perf_counter()
            try:
                with urllib.request.urlopen(request, timeout=120) as response:
                    answer = json.load(response)
            except urllib.error.HTTPError as error:
                self.failures.append(error.read().decode()[:200])
                continue
            except OSError as error:
                self.failures.append(repr(error))
                continue
            self.times.append(time.perf_counter() - start)
            self.generations.add(answer["index"])
            text = text_of(int(answer["index"].removeprefix("gen-")))
            self.wrong += any(text[one["start"] : one["end"]] != one["quote"] for one in answer["citations"])


def memory_of(pid: int) -> float:
    """Resident memory in MB."""
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def main() -> None:
    swaps = int(sys.argv[1]) if len(sys.argv) > 1 else 500
    with tempfile.TemporaryDirectory() as where:
        folder, index = Path(where, "textes"), Path(where, "index")
        folder.mkdir()

        def change(number: int) -> None:
            (folder / "phare.txt").write_text(text_of(number), encoding="utf-8")
            build(folder, index, Settings(), resource("models") / "embedder", 1)

        change(1)
        process = subprocess.Popen(
            [sys.executable, "-m", "ask.main", "serve", "--port", "0", "--index", str(index)],
            cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
        )  # fmt: skip
        try:
            assert process.stdout is not None
            address = process.stdout.readline().strip()
            askers = [Asking(address), Asking(address)]
            for asker in askers:
                asker.start()
            time.sleep(2)
            before, start = memory_of(process.pid), time.perf_counter()
            for number in range(2, swaps + 2):
                change(number)
            seconds = time.perf_counter() - start
            time.sleep(5)
            after = memory_of(process.pid)
            for asker in askers:
                asker.stop.set()
            for asker in askers:
                asker.join(timeout=120)
        finally:
            process.terminate()
            process.wait(timeout=60)
        times = sorted(time for asker in askers for time in asker.times)
        failures = [failure for asker in askers for failure in asker.failures]
        generations = set().union(*(asker.generations for asker in askers))
        print(
            f"generations made                 {swaps + 1:8}  in {seconds:.0f} s, {len(generations)} of them answered from"
        )
        print(f"requests answered                {len(times):8}")
        print(f"requests failed                  {len(failures):8}")
        print(f"answers with a wrong citation    {sum(asker.wrong for asker in askers):8}")
        print(f"median request                   {times[len(times) // 2] * 1000:8.0f} ms")
        print(f"slowest request                  {times[-1] * 1000:8.0f} ms")
        print(f"memory of the service            {before:8.0f} MB, then {after:.0f} MB")
        for failure in failures[:5]:
            print(failure)


if __name__ == "__main__":
    main()
