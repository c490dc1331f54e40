from __future__ import annotations

import time

import pytest

from pytest_litmus.evaluators.moments import moments


@pytest.mark.parametrize(
    ("text", "fields"),
    [
        ("on 13 January 2015", (2015, 1, 13)),
        ("on January 13th, 2015", (2015, 1, 13)),
        ("on the 13th of January", (0, 1, 13)),
        ("on Jan. 13 , 2015", (2015, 1, 13)),
        ("on 2015-01-13", (2015, 1, 13)),
        ("in January 2015", (2015, 1, 0)),
        ("in May of 2015", (2015, 5, 0)),
    ],
)
def test_a_date_is_read_in_its_spellings(text: str, fields: tuple[int, int, int]) -> None:
    (found,) = moments(text)
    assert found.fields == fields
    assert found.bound == ""


@pytest.mark.parametrize("text", ["it may be so", "room 2015-13-45", "in 2015", "a 40 May cars"])
def test_what_is_no_date_is_none(text: str) -> None:
    assert moments(text) == []


@pytest.mark.parametrize(
    ("claim", "source", "agrees"),
    [
        ("13 January 2015", "January 13, 2015", True),
        ("13 January 2015", "January 14, 2015", False),
        ("January 2015", "13 January 2015", True),
        ("13 January 2015", "January 2015", None),
        ("13 January 2015", "13 January", True),
        ("13 January", "13 March 2015", False),
        ("after 31 December 2014", "13 January 2015", True),
        ("before 31 December 2014", "13 January 2015", False),
        ("before May 21, 2009", "on May 20, 2009", True),
        ("before April 7, 2020", "As of 6 April", True),
        ("after April 7, 2020", "As of 6 April", False),
        ("since May 2018", "May 2018", True),
        ("before May 2018", "May 2018", False),
        ("after 5 May 2018", "May 2018", None),
    ],
)
def test_a_date_is_held_against_another(claim: str, source: str, agrees: bool | None) -> None:
    (said,), (known,) = moments(claim), moments(source)
    assert said.agrees(known) is agrees


@pytest.mark.parametrize("piece", ["1 may ", "may ", "2015-", "january 1,", "before ", "31"])
def test_a_hundred_kilobytes_of_anything_take_less_than_a_second(piece: str) -> None:
    start = time.process_time()
    moments(piece * (100_000 // len(piece)))
    assert time.process_time() - start < 3
