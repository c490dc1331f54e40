"""The sweep over other projects' cassettes."""

from __future__ import annotations

import json
import tarfile
from typing import TYPE_CHECKING

import pytest
import yaml

from tests.wire.recordings import CHAT, CHAT_ASKED, CHAT_SAID, body_of
from tests.wire.sweep import exchanges, main

if TYPE_CHECKING:
    from pathlib import Path

ONE = {
    "request": {"method": "post", "uri": CHAT, "headers": {}, "body": body_of(CHAT_ASKED)},
    "response": {"status": {"code": 200}, "headers": {}, "body": {"string": body_of(CHAT_SAID)}},
}
PARSED = {
    "request": {"method": "post", "uri": CHAT, "parsed_body": {**CHAT_ASKED, "n": 1}},
    "response": {"status": {"code": 200}, "parsed_body": {"id": "x"}},
}


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    folder = tmp_path / "p-1.0/tests/cassettes"
    folder.mkdir(parents=True)
    recorded = {"interactions": [ONE, PARSED, ONE], "version": 1}
    (folder / "test_a.yaml").write_text(yaml.safe_dump(recorded))
    (folder / "test_b.yaml").write_text("!!python/object/apply:os.system ['false']")
    path = tmp_path / "p-1.0.tar.gz"
    with tarfile.open(path, "w:gz") as made:
        made.add(tmp_path / "p-1.0", "p-1.0")
    return path


def test_recordings_of_all_forms_are_read_from_archives_and_folders(archive: Path) -> None:
    read = list(exchanges(archive))

    assert [place for place, _ in read] == [
        f"p-1.0/tests/cassettes/test_a.yaml#{n}" for n in (0, 1, 2)
    ]
    assert [exchange.request.method for _, exchange in read] == ["POST"] * 3
    assert json.loads(read[1][1].body) == {"id": "x"}
    assert len(list(exchanges(archive.parent / "p-1.0"))) == 3


def test_what_cannot_be_read_is_told_and_twins_count_once(
    archive: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    main([str(archive)])

    told = capsys.readouterr().out
    assert told.startswith(
        "2 distinct exchanges\n     2 openai.chat\nunreadable_response, openai.chat"
    )
    assert told.endswith("1 could not be read or are counted differently\n")
