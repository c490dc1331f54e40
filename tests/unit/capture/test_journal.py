from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from pytest_litmus.capture import cassette_file
from pytest_litmus.capture.journal import Journal
from pytest_litmus.capture.matching import Matching
from tests.unit.capture.test_cassette_file import recording, text_of

if TYPE_CHECKING:
    from collections.abc import Iterator

KILLED = """
import os, sys
from pathlib import Path
from pytest_litmus.capture.journal import Journal
Journal(Path(sys.argv[1])).append(Path(sys.argv[2]).read_text(encoding="utf-8"))
os._exit(9)
"""


@pytest.fixture
def cassette(tmp_path: Path) -> Path:
    return tmp_path / "cassettes" / "test_a.yaml"


@pytest.fixture
def running(cassette: Path) -> Iterator[Journal]:
    journal = Journal(cassette)
    yield journal
    journal.remove()


def journals(cassette: Path) -> list[Path]:
    return sorted(path for path in cassette.parent.iterdir() if path.suffix == ".journal")


def leave_behind(cassette: Path, text: str) -> None:
    """A run that is killed after it wrote this."""
    source = cassette.parent.parent / "text"
    source.write_text(text, encoding="utf-8")
    command = [sys.executable, "-c", KILLED, str(cassette), str(source)]
    assert subprocess.run(command, check=False).returncode == 9


def taken(journal: Journal) -> list[bytes]:
    return [each.request.body for each in journal.left_behind(key=Matching().key)]


def test_a_killed_run_leaves_what_it_had(cassette, running):
    leave_behind(cassette, text_of(recording(b"[1]")) + text_of(recording(b"[2]")))

    assert taken(running) == [b"[1]", b"[2]"]


def test_an_interaction_that_was_cut_off_is_left_out_and_the_others_stay(cassette, running):
    whole, cut = text_of(recording(b"{}")), text_of(recording(b'{"a": 1}'))
    leave_behind(cassette, whole + cut[: len(cut) // 2])

    assert taken(running) == [b"{}"]


def test_a_body_that_quotes_a_cassette_is_no_other_interaction(cassette, running):
    body = b"x\n" + text_of(recording()).encode()
    leave_behind(cassette, text_of(recording(body)))

    assert taken(running) == [body]


def test_a_run_that_goes_on_keeps_its_journal(cassette, running):
    other = Journal(cassette)
    other.append(text_of(recording()))

    assert taken(running) == []
    other.remove()


def test_a_journal_is_taken_up_by_one_run_only(cassette, running):
    leave_behind(cassette, text_of(recording()))
    other = Journal(cassette)

    assert [len(taken(running)), len(taken(other))] == [1, 0]


def test_a_process_that_got_the_id_of_the_killed_one_takes_its_journal(cassette, running):
    leave_behind(cassette, text_of(recording()))
    (path,) = journals(cassette)

    assert str(os.getpid()) not in path.name.split(".")
    assert len(taken(running)) == 1


def test_a_journal_of_another_cassette_is_not_taken(cassette, running):
    leave_behind(cassette.with_name("test_a2.yaml"), text_of(recording()))

    assert taken(running) == []


def test_nothing_is_left_of_a_run_that_came_to_its_end(cassette, running):
    leave_behind(cassette, text_of(recording()))
    taken(running)
    running.append(text_of(recording()))
    assert len(journals(cassette)) == 2

    running.remove()

    assert journals(cassette) == []


def test_without_a_folder_nothing_is_left_behind(cassette, running):
    assert taken(running) == []
    assert not cassette.parent.exists()


def test_a_journal_holds_what_a_cassette_holds(cassette, running):
    text = text_of(recording())
    running.append(text)
    (path,) = journals(cassette)

    assert (
        cassette_file.read(path, key=Matching().key).recordings
        == cassette_file.parse(path, text, key=Matching().key).recordings
    )
