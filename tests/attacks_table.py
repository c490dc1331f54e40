"""`python -m tests.attacks_table` writes the table of attacks into docs/attacks.md."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path
from typing import get_args
from urllib.parse import urlsplit

from pytest_litmus.suites.attack import Attack, Family
from pytest_litmus.suites.attacks import builtin_attacks

DOC = Path(__file__).parents[1] / "docs/attacks.md"
BEGIN, END = "<!-- attacks: begin -->\n", "<!-- attacks: end -->\n"


def tables() -> str:
    """A table for each family, in the order in which the package tells them."""
    attacks = builtin_attacks()
    return "\n".join(
        "".join(f"{line}\n" for line in _table(family, attacks)) for family in get_args(Family)
    )


def written(doc: str) -> str:
    """A document with its tables as they are now."""
    before, _, rest = doc.partition(BEGIN)
    return f"{before}{BEGIN}{tables()}{END}{rest.partition(END)[2]}"


def _table(family: str, attacks: tuple[Attack, ...]) -> Iterator[str]:
    members = [one for one in attacks if one.family == family]
    yield f"### `{family}`: {len(members)}\n"
    yield "| attack | what it does | described in |"
    yield "|---|---|---|"
    for one in members:
        told = one.summary.replace("|", "\\|").replace("\\u", "`\\u`")
        needs = " *Needs a target that takes messages.*" if _is_of_turns(one) else ""
        yield f"| `{one.name}` | {told}{needs} | [{_name(one.source)}]({one.source}) |"


def _is_of_turns(one: Attack) -> bool:
    return not isinstance(one("Say blue lamp.", random.Random(0)), str)


def _name(source: str) -> str:
    address = urlsplit(source)
    host = address.netloc.removeprefix("www.")
    return f"arXiv:{address.path.rpartition('/')[2]}" if host == "arxiv.org" else host


if __name__ == "__main__":
    DOC.write_text(written(DOC.read_text("utf-8")), "utf-8")
