"""The service under load: many clients at once, and clients that leave.

    python bench/load.py clients [--clients 64] [--seconds 60]
    python bench/load.py leave [--times 1000]

Starts `ask serve` over the texts of seeds/, as it is by default but for the rate (all clients are this machine). `clients`
asks questions, half of them as streams, waits as Retry-After says, and checks that each answer is for its own question;
`leave` goes away at a random moment and looks at what the service holds before and after. Exits with 1 when something is
wrong. Both take their share of the same cores.
"""

import argparse
import asyncio
import json
import os
import random
import re
import socket
import statistics
import struct
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from eval.gold import SEEDS_GOLD, load_gold

ROOT = Path(__file__).resolve().parent.parent
STREAM = {"Accept": "text/event-stream"}
ALLOWED_MEDIAN = 2.0  # seconds
AT_ONCE = 16  # clients that leave at the same time
WARM = 100  # disconnections before the first look, so that pools and caches are as they will be


@dataclass(frozen=True, slots=True)
class Service:
    address: str
    pid: int

    def metric(self, name: str) -> float:
        text = httpx.get(f"{self.address}/metrics", trust_env=False, timeout=30).text
        found = re.search(rf"^{name} (\S+)$", text, re.M)
        assert found is not None, name
        return float(found.group(1))

    def held(self) -> dict[str, float]:
        """What it holds: descriptors, threads, tasks of the loop, memory in MB."""
        status = dict(line.split(":", 1) for line in Path(f"/proc/{self.pid}/status").read_text().splitlines())
        return {
            "descriptors": len(os.listdir(f"/proc/{self.pid}/fd")),
            "threads": float(status["Threads"]),
            "tasks": self.metric("coulisses_tasks"),
            "memory": self.metric("process_resident_memory_bytes") / 1e6,
        }

    def settled(self, seconds: float = 60) -> float:
        """Seconds until nobody is answered and nobody waits."""
        start = time.monotonic()
        while self.metric("coulisses_questions_processing") + self.metric("coulisses_questions_waiting"):
            assert time.monotonic() - start < seconds, "a place was not given back"
            time.sleep(0.05)
        return time.monotonic() - start


@contextmanager
def service() -> Iterator[Service]:
    with tempfile.TemporaryDirectory() as home, open(Path(home) / "log", "w") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "ask.main", "serve", "--port", "0"], cwd=ROOT, stdout=subprocess.PIPE, stderr=log,
            text=True, env={**os.environ, "COULISSES_HOME": home, "COULISSES_RATE": "0"},
        )  # fmt: skip
        try:
            assert process.stdout is not None
            yield Service(process.stdout.readline().strip(), process.pid)
        finally:
            process.terminate()
            code = process.wait(60)
            failures = [line for line in Path(log.name).read_text().splitlines() if '"level": "error"' in line]
            print(f"the service ended with code {code} and logged {len(failures)} errors")
            print("\n".join(failures[:5]))


@dataclass(slots=True)
class Seen:
    codes: Counter[int] = field(default_factory=Counter)
    seconds: list[float] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)


async def clients(address: str, count: int, seconds: float) -> Seen:
    questions = [one.question for one in load_gold(SEEDS_GOLD)]
    seen = Seen()
    end = time.monotonic() + seconds

    async def ask(client: httpx.AsyncClient, number: int) -> None:
        chance = random.Random(number)
        turn = 0
        while time.monotonic() < end:
            turn += 1
            question = f"{chance.choice(questions)} (client {number}, tour {turn})"
            start = time.monotonic()
            headers = {"X-Request-ID": f"{number}-{turn}", **(STREAM if chance.random() < 0.5 else {})}
            response = await client.post("/ask", json={"question": question}, headers=headers)
            seen.codes[response.status_code] += 1
            if response.headers["x-request-id"] != f"{number}-{turn}":
                seen.wrong.append(f"the id of {question}")
            if response.status_code == 503:
                await asyncio.sleep(int(response.headers["retry-after"]) + chance.random())
                continue
            seen.seconds.append(time.monotonic() - start)
            if response.status_code != 200 or told(response) != {question}:
                seen.wrong.append(question)

    limits = httpx.Limits(max_connections=count)
    async with httpx.AsyncClient(base_url=address, timeout=60, trust_env=False, limits=limits) as client:
        await asyncio.gather(*(ask(client, number) for number in range(count)))
    return seen


def told(response: httpx.Response) -> set[str]:
    """The questions that a response says it answers; as a stream, its last event must be ``done``."""
    if response.headers["content-type"].startswith("application/json"):
        return {response.json()["question"]}
    events = [dict(line.split(": ", 1) for line in block.splitlines()) for block in response.text.strip().split("\n\n")]
    if events[-1]["event"] != "done":
        return set()
    return {json.loads(event["data"])["question"] for event in events}


async def leave(address: str, times: int, seed: int) -> Counter[str]:
    """Begin questions and go away: before the body's end, while waiting or being answered, after the first event."""
    url = httpx.URL(address)
    questions = [one.question for one in load_gold(SEEDS_GOLD)]
    left: Counter[str] = Counter()
    places = asyncio.Semaphore(AT_ONCE)

    async def go(number: int) -> None:
        chance = random.Random(seed * 1_000_000 + number)
        body = json.dumps({"question": chance.choice(questions)}).encode()
        accept = chance.choice(["text/event-stream", "application/json"])
        head = (
            f"POST /ask HTTP/1.1\r\nHost: {url.host}:{url.port}\r\nContent-Type: application/json\r\n"
            f"Accept: {accept}\r\nContent-Length: {len(body)}\r\n\r\n"
        ).encode()
        async with places:
            reader, writer = await asyncio.open_connection(url.host, url.port)
            moment = chance.choice(["body", "wait", "wait", "event"])
            writer.write(head + (body[: len(body) // 2] if moment == "body" else body))
            await writer.drain()
            if moment == "event":
                await reader.read(100)
            else:
                await asyncio.sleep(chance.random() * 0.6)
            if chance.random() < 0.5:  # a reset instead of a polite end
                linger = struct.pack("ii", 1, 0)
                writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
            writer.transport.abort()
            left[moment] += 1

    await asyncio.gather(*(go(number) for number in range(times)))
    return left


def main_clients(count: int, seconds: float) -> bool:
    with service() as served:
        asyncio.run(clients(served.address, 2, 2))  # what is loaded at the first question is
        before = served.metric("process_cpu_seconds_total")
        seen = asyncio.run(clients(served.address, count, seconds))
        served.settled()
        spent = served.metric("process_cpu_seconds_total") - before
    load = f"{os.getloadavg()[0]:.1f}"
    median = statistics.median(seen.seconds)
    worst = statistics.quantiles(seen.seconds, n=20)[-1]
    print(f"{count} clients, {seconds:.0f} s, {len(os.sched_getaffinity(0))} cores")
    others = {code: n for code, n in seen.codes.items() if code not in (200, 503)}
    print(f"answers {seen.codes[200]}, 503 with Retry-After {seen.codes[503]}, others {others}")
    print(
        f"an answer, its wait included: median {median:.2f} s, one in twenty {worst:.2f} s, longest {max(seen.seconds):.2f} s"
    )
    print(
        f"processor time of the service for an answer {spent / max(1, len(seen.seconds)):.2f} s, load of the machine {load}"
    )
    print(f"answers to another's question {len(seen.wrong)}")
    return not seen.wrong and set(seen.codes) <= {200, 503} and median <= ALLOWED_MEDIAN


def main_leave(times: int) -> bool:
    with service() as served:
        asyncio.run(leave(served.address, WARM, 1))
        served.settled()
        time.sleep(6)  # connections kept alive are closed after five seconds
        before = served.held()
        start = time.monotonic()
        left = asyncio.run(leave(served.address, times, 2))
        took = time.monotonic() - start
        free = served.settled()
        asked = time.monotonic()
        answer = httpx.post(f"{served.address}/ask", json={"question": "Quel âge ?"}, trust_env=False, timeout=30)
        again = time.monotonic() - asked
        time.sleep(6)
        after = served.held()
    print(f"{times} disconnections in {took:.0f} s ({', '.join(f'{moment} {n}' for moment, n in left.items())})")
    print(
        f"nobody answered or waiting after {free:.2f} s; the next question answered ({answer.status_code}) in {again:.2f} s"
    )
    for name, value in before.items():
        print(f"{name:12} before {value:8.1f}   after {after[name]:8.1f}")
    flat = all(after[name] <= before[name] for name in ("descriptors", "threads", "tasks"))
    return flat and answer.status_code == 200 and after["memory"] - before["memory"] < 20


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parts = parser.add_subparsers(dest="part", required=True)
    many = parts.add_parser("clients")
    many.add_argument("--clients", type=int, default=64)
    many.add_argument("--seconds", type=float, default=60)
    leaving = parts.add_parser("leave")
    leaving.add_argument("--times", type=int, default=1000)
    chosen = parser.parse_args()
    right = main_clients(chosen.clients, chosen.seconds) if chosen.part == "clients" else main_leave(chosen.times)
    sys.exit(0 if right else 1)


if __name__ == "__main__":
    main()
