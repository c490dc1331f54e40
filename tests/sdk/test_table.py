from __future__ import annotations

from pathlib import Path

from tests.sdk.table import BEGIN, END, table

DOCS = Path(__file__).parents[2] / "docs" / "capture.md"


def test_the_documented_sdk_table_is_made_of_the_tested_rows():
    text = DOCS.read_text(encoding="utf-8")
    written = text.partition(BEGIN)[2].partition(END)[0].strip()

    assert written == table(), "python -m tests.sdk.table prints the table to put there"
