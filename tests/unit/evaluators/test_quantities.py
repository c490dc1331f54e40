from __future__ import annotations

import math
import time

import pytest

from pytest_litmus.evaluators.quantities import quantities


@pytest.mark.parametrize(
    "text",
    ["1,000", "1000", "1e3", "one thousand", "1 thousand", "a thousand", "1k", "ten hundred"],
)
def test_one_number_in_all_its_spellings(text: str) -> None:
    (found,) = quantities(f"There are {text} of them.")
    assert found.value == 1_000
    assert found.exact


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("23.5 million", [23_500_000]),
        ("two hundred and five cats and three dogs", [205, 3]),
        ("twenty-three", [23]),
        ("one million two hundred thousand", [1_200_000]),
        ("a dozen", [12]),
        ("1963-1969", [1963, 1969]),
        ("the 2018-19 season", [2018, 2019]),
        ("the 1998\N{EN DASH}99 season", [1998, 1999]),
        ("the 19th century", [1800]),
        ("-5 degrees, 3-2 to them", [-5, 3, 2]),
        ("COVID-19, F1 and B12", []),
        ("5m and 3bn", [5_000_000, 3_000_000_000]),
        ("1" * 400, []),
    ],
)
def test_the_numbers_of_a_text_in_its_order(text: str, values: list[float]) -> None:
    assert [one.value for one in quantities(text)] == values


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("50%", "percent"),
        ("fifty percent", "percent"),
        ("$5 million", "money"),
        ("5 euros", "money"),
        ("1998", "year"),
        ("the 1980s", "year"),
        ("3rd", "ordinal"),
        ("third", "ordinal"),
        ("1998 people", "year"),
        ("5 people", "plain"),
    ],
)
def test_a_number_is_of_a_kind(text: str, kind: str) -> None:
    (found,) = quantities(text)
    assert found.kind == kind


def test_the_place_of_a_number_is_its_own() -> None:
    text = "Costs rose by $36.1 million, or twenty-three percent, in 1998."
    places = [text[one.start : one.end] for one in quantities(text)]
    assert places == ["$36.1 million", "twenty-three percent", "1998"]


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("at least 5", 5, math.inf),
        ("no fewer than 5", 5, math.inf),
        ("since 1990", 1990, math.inf),
        ("no more than 5", -math.inf, 5),
        ("up to 5", -math.inf, 5),
        ("about 100", 90, 110),
        ("~100", 90, 110),
        ("about 1990", 1990, 1990),
        ("the 1980s", 1980, 1989),
        ("the 1900s", 1900, 1999),
        ("over there are 5", 5, 5),
        ("the twentieth century", 1900, 1999),
        ("millions of people", 1e6, 1e9 - 1),
        ("before 1990", -math.inf, math.nextafter(1990, 0)),
        ("it grew by 5", 5, 5),
        ("after 43 reviews", 43, 43),
    ],
)
def test_a_number_allows_a_range(text: str, low: float, high: float) -> None:
    (found,) = quantities(text)
    assert (found.low, found.high) == (low, high)


@pytest.mark.parametrize(
    ("claim", "source", "follows"),
    [
        ("more than 270", "280", True),
        ("more than 280", "280", False),
        ("less than 300", "about 280", True),
        ("more than 50", "more than 60", True),
        ("more than 60", "more than 50", False),
        ("65", "more than 60", False),
        ("1985", "the 1980s", True),
        ("about 100", "98", True),
    ],
)
def test_what_follows_from_a_number(claim: str, source: str, follows: bool) -> None:
    (said,), (known,) = quantities(claim), quantities(source)
    assert said.follows_from(known) is follows


def test_a_year_says_nothing_of_a_percentage() -> None:
    year, share, plain = quantities("In 1998 it was 50%, or 7.")
    assert not year.comparable(share)
    assert share.comparable(plain)
    assert not year.comparable(plain)


@pytest.mark.parametrize(
    "piece", ["1,", "1", "one and ", "$ ", "more than ", "hundred ", "9e9", "٣"]
)
def test_a_hundred_kilobytes_of_anything_take_less_than_a_second(piece: str) -> None:
    start = time.process_time()
    quantities(piece * (100_000 // len(piece)))
    assert time.process_time() - start < 3
