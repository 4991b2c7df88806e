"""The rooms and what holds of all of them."""

import ast
import hashlib
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
ROOMS = ("indexer", "service", "eval", "ask")  # each may import those before it


def modules(room: str) -> list[Path]:
    return sorted((ROOT / room).rglob("*.py"))


def imported(path: Path) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"relative import in {path}"
            names.add((node.module or "").partition(".")[0])
    return names


@pytest.mark.parametrize("room", ROOMS)
def test_imports_go_one_way(room):
    allowed = set(ROOMS[: ROOMS.index(room) + 1])
    for path in modules(room):
        assert imported(path) & {*ROOMS, "training", "bench", "tests"} <= allowed, path


@pytest.mark.parametrize(
    ("module", "names"),
    [
        ("indexer/embedder.py", {"torch", "sentence_transformers", "transformers"}),
        ("service/models/hub.py", {"huggingface_hub"}),
    ],
)
def test_torch_and_the_hub_are_each_named_in_one_module_only(module, names):
    naming = {path.relative_to(ROOT).as_posix() for room in ROOMS for path in modules(room) if imported(path) & names}
    assert naming == {module}


def test_no_pickle_and_no_swallowed_errors():
    for room in ROOMS:
        for path in modules(room):
            tree = ast.parse(path.read_text(encoding="utf-8"))
            assert "pickle" not in imported(path), path
            for node in ast.walk(tree):
                assert not (isinstance(node, ast.ExceptHandler) and node.type is None), path


# Runs in a process of its own, with an audit hook that ends it at the first connection that is not the loopback's.
OFFLINE = """
import sys
def watch(event, arguments):
    if event == "socket.connect" and arguments[1][0] not in ("127.0.0.1", "::1"):
        raise SystemExit(f"connects to {arguments[1]}")
    if event in ("socket.getaddrinfo", "socket.gethostbyname"):
        raise SystemExit(f"looks up {arguments[0]}")
sys.addaudithook(watch)
from ask.main import app
try:
    app(["qu'est-ce que le paradoxe du back-office", "--json"])
except SystemExit as end:
    assert end.code == 0, end.code
loaded = {name.partition(".")[0] for name in sys.modules}
assert not loaded & {"torch", "sentence_transformers", "transformers", "huggingface_hub", "requests"}, loaded
"""


def test_the_default_path_opens_no_socket_and_imports_no_torch(tmp_path):
    done = subprocess.run(
        [sys.executable, "-c", OFFLINE],
        env={"PATH": "/usr/bin:/bin", "COULISSES_HOME": str(tmp_path), "HOME": str(tmp_path)},
        cwd=ROOT, capture_output=True, text=True, timeout=300, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert '"status":"quotes"' in done.stdout


def test_the_seeds_are_the_texts_byte_for_byte():
    texts = sorted((ROOT / "seeds").glob("*.txt"))
    assert [path.name[:4] for path in texts] == ["000_", "001_", "002_", "003_", "004_"]
    assert tuple(hashlib.sha256(path.read_bytes()).hexdigest() for path in texts) == SEED_SUMS


SEED_SUMS = (
    "e72b0bb62934cb1287353362a128792deb50db87139b694abd567c0c1248d392",
    "f8f4c4a552b5b685133c32bdab9b9aca8b24889dc6e0cd492ac0ae8503436aa4",
    "0b193d30fc23187472b3eda7a99fa056932c2bf0cdd724ad5372d8d9784080b8",
    "e2fa09fa10e7e13313f29c322478cda9ffe5adcb65c6e37de69cd15bf243a25b",
    "798713a424c48eb682ed0466f3668ee175c74e0a616df0e028ed51f148bed1dc",
)


def test_the_catalogue_says_only_what_the_texts_say():
    catalogue = tomllib.loads((ROOT / "seeds" / "catalogue.toml").read_text(encoding="utf-8"))
    for name, fields in catalogue.items():
        text = (ROOT / "seeds" / name).read_text(encoding="utf-8").casefold()
        for field in ("title", "publication"):
            assert fields.get(field, "").casefold() in text
        for author in fields.get("author", "").replace(", entretien avec ", "|").split("|"):
            assert author.casefold() in text


def test_models_are_small_enough_to_ship():
    files = [path for path in (ROOT / "models").rglob("*") if path.is_file()]
    assert all(path.stat().st_size < 50_000_000 for path in files)
    assert sum(path.stat().st_size for path in files) < 150_000_000
    for folder in {path.parent for path in files}:
        assert (folder / "CARD.md").is_file()
        assert (folder / "SHA256SUMS").is_file()
