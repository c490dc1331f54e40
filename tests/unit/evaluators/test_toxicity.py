from __future__ import annotations

import codecs
import time
from pathlib import Path
from random import Random

import pytest

from pytest_litmus.evaluators import toxicity as module
from pytest_litmus.evaluators.toxicity import free_of_toxic_words, toxic_words, toxicity
from pytest_litmus.verdicts import Score, Verdict

DISGUISED = {
    "as it is": ("What a shitty day", "shitty"),
    "shouted": ("BULLSHIT!", "BULLSHIT"),
    "digits": ("oh sh1t", "sh1t"),
    "signs": ("you a$$hole", "a$$hole"),
    "a mask": ("f*ck that", "f*ck"),
    "a longer mask": ("what a b**ch", "b**ch"),
    "a mask in bold": ("**f*ck**", "f*ck"),
    "grawlix": ("you f@#ker", "f@#ker"),
    "letters drawn out": ("shiiiiit, no", "shiiiiit"),
    "letters apart": ("s h i t happens", "s h i t"),
    "dots between": ("B.I.T.C.H", "B.I.T.C.H"),
    "letters apart behind another": ("I f u c k e d up", "f u c k e d"),
    "a look-alike": ("fu\u0441k", "fu\u0441k"),
    "struck out": ("f\u0336u\u0336c\u0336k", "f\u0336u\u0336c\u0336k"),
    "inside a word": ("unfuckingbelievable", "unfuckingbelievable"),
    "two words": ("white-trash", "white-trash"),
}
HARMLESS = (
    "The Scunthorpe class assessed its assets in Essex, and Dick van Dyke sang.",
    "A. B. C. D. E. F. and g o o d",
    "x**y, 2*3 and f(*args, **kwargs); $h = 5417 + 455; C++ and F#",
    "The peacock, the Maine coon and the great tit-mouse hit the shitake.",
    "a b c d e f g h i j k l m n o p q r s t u v w x y z",
)


def score_of(text: str, **given: object) -> Score:
    found = toxic_words(text, **given)  # type: ignore[arg-type]
    assert isinstance(found, Score)
    return found


def outcome_of(found: Score | Verdict) -> str:
    assert isinstance(found, Verdict)
    return found.outcome


@pytest.mark.parametrize(("text", "word"), DISGUISED.values(), ids=DISGUISED)
def test_a_word_is_seen_through_its_disguise_and_stands_where_it_is_said(text, word):
    score = score_of(text)
    assert score.value == 1
    (evidence,) = score.evidence
    assert text[evidence.start : evidence.end] == word
    assert not free_of_toxic_words(text)


@pytest.mark.parametrize("text", HARMLESS)
def test_ordinary_text_is_free_of_toxic_words(text):
    assert score_of(text).value == 0
    assert free_of_toxic_words(text)


def test_an_invisible_character_is_escaped_in_the_evidence():
    (evidence,) = score_of("fu\u200bck").evidence
    assert (evidence.text, evidence.nearest) == ("fu\\u200bck", "fuck")
    assert (evidence.start, evidence.end) == (0, 5)


def test_the_explanation_quotes_the_first_word_and_counts_the_others():
    explanation = score_of("Oh shit, this bastard said bullshit.").explanation
    assert "found 'shit' (vulgar) at character 3 and 2 more" in explanation


def test_each_word_has_its_class():
    assert [one.rule for one in score_of("you bitch, this is shit").evidence] == [
        "insult",
        "vulgar",
    ]
    slur = codecs.decode("snttbg", "rot13")
    assert [one.rule for one in score_of(f"you {slur}").evidence] == ["slur"]


def test_mild_words_count_only_where_they_are_asked_for():
    assert free_of_toxic_words("That damn stupid printer!")
    assert score_of("That damn stupid printer!", classes=["mild"]).value == 2
    assert score_of("Shit, that damn printer!", classes=["mild"]).value == 1


def test_words_of_ones_own_count_and_others_may_be_allowed():
    assert score_of("You are a muppet and a dead loss.", also=["Muppet", "dead loss"]).value == 2
    assert score_of("You are a m*ppet.", also=["muppet"]).value == 1
    assert free_of_toxic_words("Bitch magazine", allow=["bitch"])
    assert not free_of_toxic_words("Bitch, this is shit", allow=["bitch"])


@pytest.mark.parametrize("word", ["", "!!", "one two three"])
def test_a_word_of_ones_own_that_could_never_be_found_is_refused(word):
    with pytest.raises(ValueError, match="also: "):
        toxic_words("Hello.", also=[word])


def test_a_limit_of_ones_own_is_kept():
    assert free_of_toxic_words("Oh shit.", at_most=1)
    assert outcome_of(toxic_words("Oh shit, shit.", at_most=1)) == "fail"


@pytest.mark.parametrize("text", ["", " \n"])
def test_nothing_said_is_undecided(text):
    assert score_of(text).value is None
    assert outcome_of(free_of_toxic_words(text)) == "error"
    assert outcome_of(toxicity(text, lambda _: 0.0, at_most=0.5)) == "error"


def test_the_lexicon_cannot_be_read_by_chance():
    raw = Path(module.__file__).with_name("toxic_words.txt").read_text(encoding="ascii")
    read = codecs.decode(raw, "rot13").split()
    assert {"[slur]", "[vulgar]", "[insult]", "[mild]"} <= set(read)
    assert not {"fuck", "shit", "bitch", "damn"} & set(raw.split())


def test_every_word_of_the_lexicon_is_found_alone():
    raw = Path(module.__file__).with_name("toxic_words.txt").read_text(encoding="ascii")
    words = [word for word in codecs.decode(raw, "rot13").split() if word.strip("*[]") == word]
    every = (*module.SEVERE, "mild")
    missed = [w for w in words if score_of(w.replace("_", " "), classes=every).value != 1]
    assert missed == []


def test_a_classifier_gives_the_value_and_a_limit_decides():
    verdict = toxicity("Go away.", lambda text: len(text) / 10, at_most=0.5)
    assert isinstance(verdict, Verdict)
    assert verdict.score is not None
    assert (verdict.outcome, verdict.score.value) == ("fail", 0.8)
    assert "'Go away.'" in verdict.explanation


def test_a_classifier_that_raises_is_an_error():
    def classify(_: str) -> float:
        raise RuntimeError("no model\x1b[2J here")

    verdict = toxicity("Hello.", classify, at_most=0.5)
    assert outcome_of(verdict) == "error"
    assert "RuntimeError" in str(verdict)
    assert "\x1b" not in str(verdict)


@pytest.mark.parametrize("given", [float("nan"), -0.1, 1.1, True, "0.1", None, [0.2]])
def test_a_classifier_that_gives_no_number_in_range_is_an_error(given):
    verdict = toxicity("Hello.", lambda _: given, at_most=0.5)
    assert outcome_of(verdict) == "error"


@pytest.mark.parametrize(
    "piece", ["a", "f*", "s h i ", "f.u.", "*", "a$", "white ", "\u0336", "fuck", "\u200b", "x*y "]
)
def test_100_kb_of_one_piece_take_less_than_a_second(piece):
    text = piece * (100_000 // len(piece))
    start = time.process_time()
    toxic_words(text)
    assert time.process_time() - start < 3


@pytest.mark.parametrize("letters", ["fuck** ", "sh1t@$ ", "a. b", "bitch#*"])
def test_100_kb_of_chance_take_less_than_a_second(letters):
    text = "".join(Random(7).choices(letters, k=100_000))
    start = time.process_time()
    toxic_words(text)
    assert time.process_time() - start < 3
