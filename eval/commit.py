"""The name that a run is filed under: the commit that it was made of."""

import datetime
import subprocess
from pathlib import Path


def commit_name(folder: Path) -> str:
    """Short id of the commit checked out where ``folder`` lies, ``-dirty`` where tracked files differ from it.

    Without git, or outside a repository, the day: ``2025-06-30``.
    """
    commit = _git(folder, "rev-parse", "--short", "HEAD")
    if not commit:
        return datetime.datetime.now(datetime.UTC).date().isoformat()
    return f"{commit}-dirty" if _git(folder, "status", "--porcelain", "--untracked-files=no") else commit


def _git(folder: Path, *arguments: str) -> str:
    """What git says; nothing where it is missing or says no."""
    try:
        done = subprocess.run(  # noqa: S603
            ["git", *arguments],  # noqa: S607
            cwd=folder, capture_output=True, text=True, timeout=20, check=False,
        )  # fmt: skip
    except (OSError, subprocess.SubprocessError):
        return ""
    return done.stdout.strip() if done.returncode == 0 else ""
