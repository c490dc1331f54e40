from __future__ import annotations

import pytest

from pytest_litmus.evaluators.similarity import bleu, chrf, rouge_l, rouge_n, similar

ANSWERS = [
    ("Opened laptops go back within 30 days.", "You may return an opened laptop within 30 days."),
    ("The cat sat on the mat, and slept!", "The cat lay on the mat; it slept."),
    (
        "It costs $1,299.50 - more than before &amp; less than now",
        "It costs $1,299.50 & more-or-less",
    ),
    ("no", "yes, it is"),
    ("naïve Café in 東京 opens at 9", "a naive café in 東京 opens at nine"),
    ("one two three four five", "one two three four five"),
    ("the the the the", "the cat"),
]


@pytest.mark.parametrize(("text", "reference"), ANSWERS)
def test_rouge_counts_as_rouge_score_does(text, reference):
    scorer = pytest.importorskip("rouge_score.rouge_scorer")
    wanted = scorer.RougeScorer(["rouge1", "rouge2", "rougeL"]).score(reference, text)

    assert rouge_n(text, reference, n=1).value == pytest.approx(wanted["rouge1"].fmeasure)
    assert rouge_n(text, reference).value == pytest.approx(wanted["rouge2"].fmeasure)
    assert rouge_l(text, reference).value == pytest.approx(wanted["rougeL"].fmeasure)


@pytest.mark.parametrize(("text", "reference"), ANSWERS)
def test_bleu_and_chrf_count_as_sacrebleu_does(text, reference):
    sacrebleu = pytest.importorskip("sacrebleu")
    both = [reference, "It slept within 30 days on the mat, they say."]

    for references in ([reference], both):
        wanted = sacrebleu.sentence_bleu(text, references).score
        assert 100 * bleu(text, references).value == pytest.approx(wanted)
        wanted = sacrebleu.sentence_chrf(text, references).score
        assert 100 * chrf(text, references).value == pytest.approx(wanted)


def test_the_nearest_of_several_references_counts():
    score = similar("thirty days", ["a year", "thirty day"])

    assert score.value > 0.9
    assert score.evidence[0].nearest == "thirty day"


def test_a_part_is_alike_where_only_a_part_is_asked():
    long = "Well, you have thirty days for that."

    assert not similar(long, "thirty days", at_least=0.9)
    assert similar(long, "thirty days", how="partial", at_least=0.9)
    assert similar("days thirty", "thirty days", how="token_sort", at_least=1)
    assert similar("Thirty", "THIRTY", ignore_case=True, at_least=1)


@pytest.mark.parametrize("evaluator", [similar, rouge_n, rouge_l, bleu, chrf])
@pytest.mark.parametrize(("text", "reference"), [(" ", "x"), ("x", ""), ("x", [])])
def test_nothing_to_compare_is_an_error(evaluator, text, reference):
    assert evaluator(text, reference, at_least=0).outcome == "error"


def test_what_it_cannot_compare_is_an_error():
    assert similar("x" * 20_001, "x", at_least=0).outcome == "error"
    assert rouge_l("東京", "東京", at_least=0).outcome == "error"
    with pytest.raises(ValueError, match="token_set"):
        similar("x", "x", how="tokens")
