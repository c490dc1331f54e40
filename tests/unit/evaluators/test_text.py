from __future__ import annotations

import re
import time
from datetime import date

import pytest

from pytest_litmus.evaluators.text import (
    cites,
    contains,
    date_within,
    ends_with,
    equals,
    excludes,
    length,
    matches,
    number_within,
    sentence_count,
    starts_with,
    word_count,
)


def test_all_are_wanted_unless_any_will_do():
    assert contains("red and blue", ["red", "blue"])
    assert contains("red and blue", ["red", "green"]).score.value == 0.5
    assert contains("red and blue", ["red", "green"], how="any")
    assert "not there: 'green'" in contains("red", "green").explanation


def test_ignoring_case_gives_the_place_in_the_text_itself():
    text = "Große STRASSE"
    place = contains(text, "strasse", ignore_case=True).score.evidence[0]

    assert text[place.start : place.end] == place.text == "STRASSE"


def test_what_is_excluded_is_quoted_where_it_stands():
    verdict = excludes("the key is abc", ["abc", "xyz"])

    assert verdict.outcome == "fail"
    assert "'abc' stands at character 11" in verdict.explanation


@pytest.mark.parametrize("evaluator", [contains, excludes, starts_with, ends_with, equals])
@pytest.mark.parametrize("wanted", ["", [], ["a", ""]])
def test_looking_for_nothing_is_an_error(evaluator, wanted):
    assert evaluator("a", wanted).outcome == "error"


def test_an_empty_output_does_not_prove_that_something_is_excluded():
    assert excludes(" ", "secret").outcome == "error"


def test_ends_are_compared_without_white_space():
    assert starts_with(" Dear all", ["Hi", "dear"], ignore_case=True)
    assert ends_with("Bye.\n", "Bye.")
    assert equals(" yes\n", ["no", "yes"])
    assert not equals("yes!", "yes")


def test_a_pattern_is_found_with_its_place():
    text = "order A-1234 is here"
    place = matches(text, r"[A-Z]-\d+").score.evidence[0]

    assert text[place.start : place.end] == "A-1234"
    assert matches(text, re.compile("ORDER", re.IGNORECASE))
    assert matches(text, r"(\w+ )+is")
    assert matches(text, r"\d{5}").outcome == "fail"


def test_a_pattern_that_backtracks_without_end_is_an_error_in_time():
    start = time.process_time()
    verdict = matches("a" * 100_000, r"(a+)+b")

    assert verdict.outcome == "error"
    assert "backtracks" in verdict.explanation
    assert time.process_time() - start < 20


def test_words_sentences_and_characters_are_counted():
    assert word_count("Don't pay 3.14 for well-known 東京").value == 7
    assert sentence_count("Dr. Who came. He left!").value == 2
    assert length("abc ", at_most=4)
    assert not length("abc ", at_least=5)


@pytest.mark.parametrize(
    "citation",
    ["[1]", "[2, 5-7]", "[^a]", "(Smith, 2020)", "(Smith et al., 2020)", "Lee and Kim (2019)",
     "https://example.org/a", "\u30104\u2020source\u3011", "\u00b2"],
)  # fmt: skip
def test_citations_are_seen(citation):
    text = f"It was so {citation}."
    place = cites(text).score.evidence[0]

    assert text[place.start : place.end] == place.text == citation


@pytest.mark.parametrize("text", ["It was so.", "`a[1]`", "[1](x)", "(in May, 2020)"])
def test_what_is_no_citation_is_none(text):
    assert cites(text).outcome == "fail"


def test_a_number_is_found_within_a_tolerance():
    assert number_within("about 1,005 people", 1000, within=5)
    assert number_within("it is 0.3", 0.2, within=0.1)
    assert number_within("it is 98", 100, share=0.02)
    assert not number_within("it is 97", 100, share=0.02)
    assert number_within("none", 0).outcome == "fail"


@pytest.mark.parametrize(
    "written", ["2026-11-24", "24 November 2026", "Nov. 24th, 2026", "24/11/2026", "11/24/2026"]
)
def test_a_date_is_read_however_it_is_written(written):
    assert date_within(f"On {written}, we go.", date(2026, 11, 24))
    assert date_within(written, "2026-11-26", days=2)
    assert not date_within(written, "2026-11-27", days=2)


def test_a_date_that_hangs_on_the_order_is_an_error():
    assert date_within("04/05/2026", "2026-05-04").outcome == "error"
    assert date_within("04/05/2026", "2026-05-04", day_first=True)
    assert date_within("04/05/2026", "2026-05-04", day_first=False).outcome == "fail"
    assert date_within("tomorrow", "2026-05-04").outcome == "fail"


def test_hostile_text_is_decided_in_under_a_second():
    for piece in (
        "a",
        " ",
        "[1,",
        "(Smith, ",
        "1,",
        "1 May ",
        "http://a",
        "`",
        "A ",
        "\u00df",
        "\n",
    ):
        text = (piece * 100_000)[:100_000]
        for evaluate in (cites, word_count, sentence_count, length):
            assert _seconds(evaluate, text) < 3
        assert _seconds(number_within, text, 5) < 3
        assert _seconds(date_within, text, "2026-01-01") < 3
        assert _seconds(contains, text, "aab", ignore_case=True) < 3


def _seconds(evaluate, *given, **options) -> float:
    start = time.process_time()
    evaluate(*given, **options)
    return time.process_time() - start
