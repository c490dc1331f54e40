from __future__ import annotations

import shutil
import subprocess

import pytest

from pytest_litmus.incident.commits import commits_between

pytestmark = pytest.mark.skipif(shutil.which("git") is None, reason="there is no git")
NOWHERE = "0" * 40


@pytest.fixture
def repository(tmp_path):
    """Commits with the given subjects; gives their revisions."""
    settings = ("-c", "user.name=n", "-c", "user.email=e@example.com", "-c", "commit.gpgsign=false")

    def git(*words: str) -> str:
        done = subprocess.run(
            [str(shutil.which("git")), *settings, "-C", str(tmp_path), *words],
            capture_output=True,
            text=True,
            check=True,
        )
        return done.stdout.strip()

    def make(*subjects: str) -> list[str]:
        git("init", "-q")
        revisions = []
        for subject in subjects:
            git("commit", "-q", "--allow-empty", "-m", subject)
            revisions.append(git("rev-parse", "HEAD"))
        return revisions

    return make


def test_the_commits_between_are_told_the_newest_first(repository, tmp_path):
    first, _, last = repository("one", "two", "three <script> `x`")

    found = commits_between(tmp_path, first, last)

    assert (found.count, found.gone) == (2, 0)
    assert [one.subject for one in found.shown] == ["three <script> `x`", "two"]


def test_a_revision_that_went_back_is_told(repository, tmp_path):
    first, _, last = repository("one", "two", "three")

    found = commits_between(tmp_path, last, first)

    assert (found.count, found.gone) == (0, 2)


def test_a_repository_that_does_not_know_a_revision_tells_nothing(repository, tmp_path):
    (first,) = repository("one")

    assert commits_between(tmp_path, NOWHERE, first) is None


def test_no_repository_tells_nothing(tmp_path):
    assert commits_between(tmp_path, NOWHERE, NOWHERE) is None


@pytest.mark.parametrize("revision", ["--output=x", "HEAD", "main..", "", None, "abc; ls"])
def test_what_a_report_says_is_no_option_of_git(repository, tmp_path, revision):
    (first,) = repository("one")

    assert commits_between(tmp_path, revision, first) is None
    assert [one.name for one in tmp_path.iterdir()] == [".git"]


def test_without_git_nothing_is_told(repository, tmp_path, monkeypatch):
    first, last = repository("one", "two")
    monkeypatch.setenv("PATH", str(tmp_path))

    assert commits_between(tmp_path, first, last) is None
