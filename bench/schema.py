"""Whether the service keeps to its own description (OpenAPI), whatever it is sent: Schemathesis over every address.

    pip install "schemathesis>=4.10,<5"
    python bench/schema.py [--cases 10000]

Starts `ask serve` over three short texts, as it is by default but for the rate and the queue, and lets Schemathesis send
at least that many generated requests, valid and not, in rounds. Any answer of status 5xx, with a status, a content type or
a body that the description does not know, is a failure. Exits with 1 on the first round that has one. Schemathesis is not
among the development dependencies: it brings ten packages and loads itself into every run of pytest.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import httpx

ROOT = Path(__file__).resolve().parent.parent
CHECKS = (
    "not_a_server_error,status_code_conformance,content_type_conformance,response_headers_conformance,"
    "response_schema_conformance"
)
TEXTS = {
    "castor.md": "# Le castor\n\nLe castor abat les peupliers le long de la Loire. Il vit en famille dans un terrier.\n",
    "piscine.txt": "La piscine est ouverte toute l’année, sauf en septembre.\n",
    "page.html": "<html><body><h1>Vélos</h1><p>Le local à vélos ferme à vingt heures, chaque soir de l’année.</p></body></html>",
}
A_ROUND = 400  # examples for each operation


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cases", type=int, default=10_000)
    wanted = parser.parse_args().cases
    start = time.monotonic()
    with tempfile.TemporaryDirectory() as home, open(Path(home) / "log", "w") as log:
        (Path(home) / "texts").mkdir()
        for name, text in TEXTS.items():
            (Path(home) / "texts" / name).write_text(text, encoding="utf-8")
        environment = {**os.environ, "COULISSES_HOME": home, "COULISSES_RATE": "0", "COULISSES_WAIT_SECONDS": "60"}
        subprocess.run([sys.executable, "-m", "ask.main", "index", str(Path(home) / "texts")], cwd=ROOT, env=environment,
                       check=True, stderr=log)  # fmt: skip
        process = subprocess.Popen(
            [sys.executable, "-m", "ask.main", "serve", "--port", "0"], cwd=ROOT, stdout=subprocess.PIPE, stderr=log,
            text=True, env=environment,
        )  # fmt: skip
        try:
            assert process.stdout is not None
            address = process.stdout.readline().strip()
            citation = httpx.post(f"{address}/ask", json={"question": "Où vit le castor ?"}, timeout=60).json()
            settings = Path(home) / "schemathesis.toml"  # one document in two that is asked for is there
            settings.write_text(
                f'[parameters]\ndocument_id = "{citation["citations"][0]["document"]}"\n', encoding="utf-8"
            )
            sent, round_number = 0, 0
            while sent < wanted:
                round_number += 1
                examples = min(A_ROUND, max(10, (wanted - sent) // 5))
                known = settings if round_number % 2 else None
                code = schemathesis(address, examples, round_number, known, Path(home))
                lines = requests(Path(log.name))
                sent = len(lines)
                statuses = sorted({line["status"] for line in lines})
                print(f"round {round_number}: {sent} requests so far, statuses {statuses}", flush=True)
                if code != 0 or any(500 <= status < 600 for status in statuses):
                    sys.exit(1)
        finally:
            process.terminate()
            process.wait(60)
    print(f"{sent} requests, no 5xx, nothing that the description does not know, in {time.monotonic() - start:.0f} s")


def schemathesis(address: str, examples: int, seed: int, settings: Path | None, home: Path) -> int:
    """One round, which leaves its own notes in ``home``; prints what fails."""
    arguments = ["--config-file", str(settings)] if settings else []
    done = subprocess.run(
        [sys.executable, "-m", "schemathesis.cli", *arguments, "run", f"{address}/openapi.json", "--checks", CHECKS,
         "--phases", "examples,coverage,fuzzing", "--mode", "all", "--max-examples", str(examples), "--seed", str(seed),
         "--generation-database", "none", "--suppress-health-check", "all", "--warnings", "off", "--no-color",
         "--continue-on-failure"],
        cwd=home, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode != 0:
        print(done.stdout[-6000:], done.stderr[-2000:])
    return done.returncode


def requests(log: Path) -> list[dict[str, int]]:
    """What the service says that it was sent, from its own log."""
    lines = [json.loads(line) for line in log.read_text(encoding="utf-8").splitlines() if line.startswith("{")]
    return [line for line in lines if line["logger"] == "coulisses.request"]


if __name__ == "__main__":
    main()
