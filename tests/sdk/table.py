"""The SDK table of docs/capture.md, from the tested rows: `python -m tests.sdk.table`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.sdk.matrix import ALL_ROWS

if TYPE_CHECKING:
    from tests.sdk.rows import Row

BEGIN, END = "<!-- sdk-table: begin -->", "<!-- sdk-table: end -->"
HEAD = (
    "| SDK and mode | HTTP library | captured | recorded | replayed | time to first token kept |",
    "|---|---|---|---|---|---|",
)


def table() -> str:
    """The table as Markdown, one line an SDK and mode, in the order of the tests."""
    return "\n".join((*HEAD, *(_line(row) for row in ALL_ROWS)))


def _line(row: Row) -> str:
    cells = (f"{row.sdk}, {row.mode}", row.transport, "yes", "yes", "yes", _first_token(row))
    return f"| {' | '.join(cells)} |"


def _first_token(row: Row) -> str:
    if not row.is_streamed:
        return "-"
    return "yes" if row.wire_format else "chunk times"


if __name__ == "__main__":
    print(table())  # noqa: T201 - its purpose
