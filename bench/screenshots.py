"""The pictures of the page in docs/page/, taken in a real browser of the real service over seeds/.

    pip install -e ".[dev]" && python bench/screenshots.py [FOLDER]

Needs Chromium (`apt install chromium fonts-urw-base35`: a Palatino is what most systems show the quotes in).
"""

import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page, ViewportSize, sync_playwright

from indexer.build import build
from indexer.manifest import Settings
from indexer.resources import resource

ROOT = Path(__file__).resolve().parent.parent
QUESTION = "Combien de clients répondent aux demandes d’aide chez Bouygues Telecom ?"
UNANSWERED = "Quel est le salaire de la gardienne du musée ?"
DESKTOP, PHONE = ViewportSize(width=1360, height=860), ViewportSize(width=390, height=844)


def main() -> None:
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "docs" / "page"
    folder.mkdir(parents=True, exist_ok=True)
    with served() as address, browser() as chromium:
        for name, viewport, scheme in (
            ("light", DESKTOP, "light"),
            ("dark", DESKTOP, "dark"),
            ("phone", PHONE, "light"),
        ):
            context = chromium.new_context(viewport=viewport, color_scheme=scheme, locale="fr-FR")
            page = context.new_page()
            page.goto(address)
            page.locator("#example-list").wait_for()
            if name == "light":
                taken(page, folder / "light-welcome.png")
            asked(page, QUESTION)
            if name == "phone":
                taken(page, folder / "phone-answer.png")
            page.locator(".mark").first.click()
            page.locator("#span").wait_for()
            taken(page, folder / f"{name}-source.png")
            if name == "light":
                page.keyboard.press("Escape")
                asked(page, UNANSWERED)
                taken(page, folder / "light-refusal.png")
            context.close()


def asked(page: Page, question: str) -> None:
    """Ask, and wait until the answer is whole."""
    turns = page.locator(".turn").count()
    page.locator("#question").fill(question)
    page.locator("#send").click()
    page.locator(".turn").nth(turns).locator(".foot button").first.wait_for()


def taken(page: Page, path: Path) -> None:
    page.wait_for_timeout(700)  # what moves has come to rest
    page.screenshot(path=path)
    print(f"{path.stat().st_size / 1000:6.0f} kB  {path.name}")


@contextmanager
def browser() -> Iterator[Browser]:
    """The system's Chromium, headless."""
    found = shutil.which("chromium") or shutil.which("chromium-browser")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=found, args=["--no-sandbox"])
        try:
            yield chromium
        finally:
            chromium.close()


@contextmanager
def served() -> Iterator[str]:
    """`ask serve` over a fresh index of seeds/: its address."""
    with tempfile.TemporaryDirectory() as home:
        index = Path(home) / "index"
        build(resource("seeds"), index, Settings(), resource("models") / "embedder", 2)
        process = subprocess.Popen(
            [sys.executable, "-m", "ask.main", "serve", "--port", "0", "--index", str(index)],
            cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
        )  # fmt: skip
        try:
            assert process.stdout is not None
            yield process.stdout.readline().strip()
        finally:
            process.terminate()
            process.wait(timeout=30)


if __name__ == "__main__":
    main()
