from __future__ import annotations

from datetime import date

import pytest

from pytest_litmus.errors import LitmusError
from pytest_litmus.suites.known import Known, KnownBreaches, written

TODAY = date(2026, 11, 24)


def test_what_is_written_is_read_again_in_the_order_of_its_ids(tmp_path):
    path = tmp_path / "llm-baseline.yaml"
    entries = [
        Known(id="b", reason="it's: #1", status="dismissed", owner="ada", until="2026-12-01"),
        Known(id="a[x]", reason="two\nlines"),
    ]

    path.write_text(written(entries), encoding="utf-8")

    assert list(KnownBreaches.read(path).entries.values()) == [entries[1], entries[0]]


def test_no_file_knows_of_nothing(tmp_path):
    assert KnownBreaches.read(tmp_path / "none.yaml").of("a", TODAY) is None


@pytest.mark.parametrize(("until", "counts"), [("2026-11-24", True), ("2026-11-23", False)])
def test_an_entry_counts_until_the_end_of_its_last_day(until, counts):
    known = KnownBreaches(entries={"a": Known(id="a", reason="x", until=until)})

    assert (known.of("a", TODAY) is not None) is counts


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[]\n", ":1: a baseline has a list `breaches:`"),
        ("breaches:\n  - 1\n", ":2: an entry is a mapping with `id` and `reason`"),
        ("breaches:\n  - {id: a}\n", ":2: an entry needs `id` and `reason`"),
        ("breaches:\n  - {id: a, reason: ' '}\n", ":2: an entry needs `id` and `reason`"),
        ("breaches:\n  - id: a\n    resaon: x\n", ":3: unknown key `resaon`: did you mean reason?"),
        ("breaches:\n  - {id: a, reason: x, status: konwn}\n", "did you mean known?"),
        ("breaches:\n  - {id: a, reason: x, until: soon}\n", "'soon' is no date"),
        ("breaches:\n  - {id: a, reason: x, until: 2026}\n", "`until` has to be a text"),
    ],
)
def test_a_mistaken_baseline_is_refused_with_its_line(tmp_path, text, told):
    path = tmp_path / "llm-baseline.yaml"
    path.write_text(text)

    with pytest.raises(LitmusError) as refused:
        KnownBreaches.read(path)
    assert told in str(refused.value)
