import re
import subprocess

import pytest

from eval import commit
from eval.commit import commit_name


@pytest.fixture
def repository(tmp_path, monkeypatch):
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", "/dev/null")
    (tmp_path / "a.txt").write_text("a")
    for arguments in (["init", "-q"], ["add", "."], ["-c", "user.name=n", "-c", "user.email=e", "commit", "-qm", "m"]):
        subprocess.run(["git", *arguments], cwd=tmp_path, check=True)
    return tmp_path


def test_a_run_is_named_by_its_commit_and_tells_of_changes(repository):
    name = commit_name(repository)
    assert re.fullmatch("[0-9a-f]{7,}", name)
    (repository / "results").write_text("untracked")
    assert commit_name(repository) == name
    (repository / "a.txt").write_text("b")
    assert commit_name(repository) == f"{name}-dirty"


def test_without_a_repository_or_without_git_it_is_named_by_the_day(tmp_path, monkeypatch):
    assert re.fullmatch(r"\d{4}-\d\d-\d\d", commit_name(tmp_path))
    monkeypatch.setattr(commit.subprocess, "run", lambda *_, **__: (_ for _ in ()).throw(FileNotFoundError()))
    assert re.fullmatch(r"\d{4}-\d\d-\d\d", commit_name(tmp_path))
