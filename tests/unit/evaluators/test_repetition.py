from __future__ import annotations

import time
from random import Random

import pytest

from pytest_litmus.evaluators.repetition import distinct_n, free_of_loops, repeats
from pytest_litmus.verdicts import Score, Verdict

SENTENCE = "You can return the laptop within thirty days. "
PARAGRAPH = (
    "Our shop takes back every device that was bought here, whether it was opened or not, and "
    "pays the whole price to the card that was used.\n\n"
)
ANSWER = (
    "Open the settings, choose the account, and press the button at the bottom of the page. "
    "A code is sent to your phone. Type it in, and the new address is stored."
)
LOOPS = {
    "a sentence": f"Yes. {SENTENCE * 3}",
    "a phrase": "I am glad to help and to help and to help and to help and to help you",
    "a word": "It is very very very very very very very good",
    "a paragraph twice": f"Hello.\n\n{PARAGRAPH * 2}",
    "lines": "Tasks:\n" + "- buy milk\n" * 5,
    "items with counters": "\n".join(f"{n}. Stay calm and kind" for n in range(1, 6)),
    "characters": f"The sum is {'ha' * 30}",
    "digits": f"pi is 3.{'14' * 30}",
    "signs": "- " * 40,
    "line ends": f"Well.{chr(10) * 80}",
    "a language without spaces": "今天天气很好。" * 4,
    "another case": "Thank you so much. THANK YOU SO MUCH. thank you so much. Thank you so much.",
    "a sentence between others": " ".join(
        f"Please contact our support team today. Then {word}."
        for word in ("wait", "ask", "go", "no")
    ),
}
NO_LOOPS = {
    "an answer": ANSWER,
    "a word said twice": "No, no, that that is not it. It is very, very good.",
    "a refrain": "Row, row, row your boat\nGently down the stream\nRow, row, row your boat\nLife",
    "a table": "| year | sum |\n| --- | --- |\n| 2001 | 5 |\n| 2002 | 5 |\n| 2003 | 5 |\n",
    "a rule": f"Title\n{'=' * 40}\nText",
    "like items": "1. Red apples\n2. Red pears\n3. Red plums\n4. Red cherries\n5. Red grapes",
    "numbers": "0 0 0 1 0 0 0 1 0 0 0 1",
}


def score_of(text: str) -> Score:
    found = repeats(text)
    assert isinstance(found, Score)
    return found


@pytest.mark.parametrize("text", LOOPS.values(), ids=LOOPS)
def test_a_loop_is_found_and_fails(text):
    score = score_of(text)
    assert score.value is not None
    assert 0 < score.value < 1
    verdict = free_of_loops(text)
    assert isinstance(verdict, Verdict)
    assert verdict.outcome == "fail"


@pytest.mark.parametrize("text", NO_LOOPS.values(), ids=NO_LOOPS)
def test_ordinary_repetition_is_no_loop(text):
    assert score_of(text).value == 0
    assert free_of_loops(text)


def test_the_evidence_is_the_first_copy_and_the_explanation_quotes_it():
    text = f"Yes. {SENTENCE * 3}"
    score = score_of(text)
    (evidence,) = score.evidence
    assert text[evidence.start : evidence.end] == evidence.text == SENTENCE.strip()
    assert "from character 5 on" in score.explanation
    assert "comes 3 times in a row" in score.explanation
    assert SENTENCE.strip() in score.explanation


def test_the_value_is_the_share_of_further_copies():
    score = score_of(PARAGRAPH * 4)
    assert score.value == pytest.approx(0.75, abs=0.02)


def test_a_user_may_allow_some_repetition():
    assert repeats(f"{ANSWER} {SENTENCE * 3}", at_most=0.5)


@pytest.mark.parametrize("text", ["", " \n\t"])
def test_nothing_said_is_undecided(text):
    assert score_of(text).value is None
    assert not free_of_loops(text)


@pytest.mark.parametrize(
    "piece",
    [
        "a",
        "a b ",
        "!?",
        "(( ",
        "漢字",
        "1. a\n",
        "\u0301 ",
        " ",
        "a b c d e f g ",
        "no loop here. ",
    ],
)
def test_100_kb_of_one_piece_take_less_than_a_second(piece):
    text = piece * (100_000 // len(piece))
    start = time.process_time()
    repeats(text)
    assert time.process_time() - start < 3


@pytest.mark.parametrize("letters", ["ab ", "a ", "01.", "a\n", "漢字", "x!"])
def test_100_kb_of_chance_take_less_than_a_second(letters):
    text = "".join(Random(7).choices(letters, k=100_000))
    start = time.process_time()
    repeats(text)
    assert time.process_time() - start < 3


def distinct(text: str, n: int = 2) -> Score:
    found = distinct_n(text, n=n)
    assert isinstance(found, Score)
    return found


def test_the_share_of_different_n_grams_falls_where_words_come_again():
    assert distinct("one two three four").value == 1
    assert distinct("one two, one two! One two?").value == pytest.approx(2 / 5)
    assert distinct("one one one one", n=1).value == 0.25


def test_the_evidence_is_the_n_gram_that_comes_most_often():
    text = "Then: the red fox saw the red hen."
    score = distinct(text)
    (evidence,) = score.evidence
    assert text[evidence.start : evidence.end] == evidence.text == "the red"
    assert score.explanation == "6 of 7 2-grams of words differ; 'the red' comes 2 times"


def test_an_output_without_repetition_has_no_evidence():
    assert distinct("one two three").evidence == ()


def test_signs_are_words_in_a_language_without_spaces():
    assert distinct("今天今天").value == pytest.approx(2 / 3)


@pytest.mark.parametrize(("text", "n"), [("", 1), ("!!", 1), ("one", 2), ("one two", 3)])
def test_too_few_words_are_undecided(text, n):
    assert distinct(text, n).value is None
    verdict = distinct_n(text, n=n, at_least=0.5)
    assert isinstance(verdict, Verdict)
    assert verdict.outcome == "error"


def test_an_n_gram_has_at_least_one_word():
    with pytest.raises(ValueError, match="n=0"):
        distinct_n("one two", n=0)
