from __future__ import annotations

import asyncio
import json
import time

import pytest

from pytest_litmus import capturing
from pytest_litmus.endpoint import Endpoint
from pytest_litmus.errors import CassetteMiss
from pytest_litmus.evaluators import judge_answer, judge_prompt
from pytest_litmus.evaluators.judge_self_test import (
    INJECTIONS,
    WITH_HOUR,
    WITHOUT_HOUR,
    judge_resists_injection,
)
from pytest_litmus.evaluators.judging import Judge, Jury, judged_by
from pytest_litmus.verdicts import Score, Verdict
from tests.sdk.loopback import Provider

TEXT = "Thank you for asking. It takes 30 days."
ANCHORS = {1: "rude", 3: "plain", 5: "warm"}


class Scripted:
    """A model that gives these answers in turn, the last one again and again."""

    def __init__(self, *answers):
        self.answers, self.prompts = list(answers), []

    def __call__(self, prompt):
        self.prompts.append(prompt)
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]


def said(verdict, reason="it thanks", quote=""):
    return json.dumps({"reason": reason, "quote": quote, "verdict": verdict})


def judge(*answers, **options):
    return Judge(ask=Scripted(*answers), rubric="Is it polite?", **options)


def judged(*answers, text=TEXT, **options) -> Verdict:
    verdict = judged_by(judge(*answers, **options), text)
    assert isinstance(verdict, Verdict)
    return verdict


# A verdict


@pytest.mark.parametrize(("word", "outcome", "value"), [("yes", "pass", 1), ("no", "fail", 0)])
def test_a_yes_passes_and_a_no_fails_with_the_judges_reason(word, outcome, value):
    verdict = judged(said(word))

    assert (verdict.outcome, verdict.score.value, verdict.score.label) == (outcome, value, word)
    assert "it thanks" in verdict.explanation


def test_the_quote_is_evidence_where_it_stands_in_the_text():
    (evidence,) = judged(said("yes", quote="Thank you")).score.evidence

    assert TEXT[evidence.start : evidence.end] == evidence.text == "Thank you"


def test_a_quote_that_the_judge_made_up_is_no_evidence():
    assert judged(said("yes", quote="Many thanks")).score.evidence == ()


@pytest.mark.parametrize("answer", [said("cannot_decide"), "cannot-decide", said("cannot decide")])
def test_a_judge_that_cannot_decide_is_inconclusive(answer):
    verdict = judged(answer)

    assert (verdict.outcome, verdict.score.value) == ("inconclusive", None)


def test_a_scale_with_anchors_is_mapped_to_0_and_1_and_gives_a_score():
    score = judged_by(judge(said(3), scale=ANCHORS), TEXT)

    assert isinstance(score, Score)
    assert (score.value, score.label) == (0.5, "3")


def test_a_limit_decides_on_a_scale():
    assert judged_by(judge(said("5"), scale=ANCHORS), TEXT, at_least=0.9)
    assert not judged_by(judge(said("3"), scale=ANCHORS), TEXT, at_least=0.9)


@pytest.mark.parametrize(("given", "outcome"), [(0.9, "pass"), (0.2, "fail"), (1, "pass")])
def test_a_probability_alone_is_a_verdict(given, outcome):
    verdict = judged(given)

    assert (verdict.outcome, verdict.score.value) == (outcome, given)


@pytest.mark.parametrize("given", [float("nan"), 1.5, -0.1])
def test_a_number_that_is_no_probability_is_an_error(given):
    verdict = judged(given)

    assert verdict.outcome == "error"
    assert repr(given) in verdict.explanation


def test_samples_give_the_share_of_yes_among_the_answers_that_decide():
    answers = [said("yes"), said("no"), said("yes"), said("cannot_decide")]

    assert judged(*answers, samples=4).score.value == pytest.approx(2 / 3)


def test_samples_of_which_half_cannot_decide_are_inconclusive():
    assert judged(said("yes"), said("cannot_decide"), samples=2).outcome == "inconclusive"


# Broken answers


@pytest.mark.parametrize(
    "answer",
    [
        '```json\n{"verdict": "yes"}\n```',
        'Here you are: {"verdict": "yes"} I hope that this helps.',
        "{'reason': 'it's kind', 'verdict': 'yes'}",
        '{"reason": "kind", "verdict": "yes"',
        "verdict: yes",
        "Verdict: **yes**",
        "Yes.",
        "Yes, it thanks and there is no insult.",
        '<think>perhaps {"verdict": "no"}</think>{"verdict": "yes"}',
        '{"reason": "it says \\"verdict: no\\" itself", "verdict": "YES"}',
        '{"a": {"b": 1}} {"verdict": "yes"}',
    ],
)
def test_a_broken_answer_is_read(answer):
    assert judge_answer.read_answer(answer, ("no", "yes")).label == "yes"


@pytest.mark.parametrize(
    "answer",
    [
        "",
        "Maybe.",
        '{"verdict": "yes or no"}',
        '{"verdict": null}',
        '{"verdict": "yes"} {"verdict": "no"}',
        '{"verdict": "__import__(\'os\')"}',
        "The answer could be yes",
        '{"reason": one short sentence, "verdict": "no" or "yes"}',
        {"error": "overloaded"},
        {"choices": [{"message": {"content": None}}]},
    ],
)
def test_what_says_no_verdict_or_two_is_not_read(answer):
    read = judge_answer.read_answer(answer, ("no", "yes"))

    assert (read.label, read.value) == (None, None)


def test_an_unreadable_answer_is_asked_for_once_more_with_its_words():
    model = Scripted("Hm, well", said("yes"))

    assert judged_by(Judge(ask=model, rubric="Polite?"), TEXT)
    assert "Hm, well" not in model.prompts[0]
    assert "Hm, well" in model.prompts[1]


def test_twice_unreadable_is_an_error_that_quotes_the_words():
    verdict = judged("Hm, well\x1b[2J")

    assert (verdict.outcome, verdict.score.value) == ("error", None)
    assert "'Hm, well\\x1b[2J'" in verdict.explanation


@pytest.mark.parametrize(
    "answer",
    ["{" * 100_000, '{"a":' * 20_000, "verdict" * 15_000, "verdict: " * 11_000, " " * 100_000,
     "'\"" * 50_000, "reason:'" + "' " * 50_000, "<think>" * 15_000, "[" * 100_000],
)  # fmt: skip
def test_hostile_answers_are_read_within_a_second(answer):
    start = time.process_time()

    judge_answer.read_answer(answer, ("no", "yes"))

    assert time.process_time() - start < 3


# Log probabilities


def completion(text, *alternatives, at):
    """A chat completion whose tokens are cut before and after the word `at`."""
    before, word, after = text.partition(at)
    tops = [{"token": token, "logprob": logprob} for token, logprob in alternatives]
    tokens = [
        {"token": before, "top_logprobs": []},
        {"token": word, "top_logprobs": tops},
        {"token": after, "top_logprobs": []},
    ]
    return {"choices": [{"message": {"content": text}, "logprobs": {"content": tokens}}]}


def test_log_probabilities_give_the_probability_of_yes():
    answer = completion('{"verdict": "yes"}', ("yes", -0.5), (" No", -1.5), ("maybe", -3), at="yes")

    value = judged(answer).score.value

    assert value == pytest.approx(1 / (1 + 2.718281828**-1))


def test_log_probabilities_of_a_scale_give_its_mean():
    answer = completion('{"verdict": 3}', ("3", -0.693147), ("5", -0.693147), at="3")

    score = judged_by(judge(answer, scale=ANCHORS), TEXT)

    assert score.value == pytest.approx(0.75)


@pytest.mark.parametrize("logprobs", [None, {}, {"content": None}, {"content": [{"token": 1}]}])
def test_without_log_probabilities_the_word_counts(logprobs):
    answer = completion('{"verdict": "yes"}', at="yes")
    answer["choices"][0]["logprobs"] = logprobs

    assert judged(answer).score.value == 1


# The prompt


def test_the_same_question_is_the_same_prompt_and_begins_alike_for_all_texts():
    model = Scripted(said("yes"))
    asked = Judge(ask=model, rubric="Polite?")
    for text in (TEXT, TEXT, "Another one."):
        judged_by(asked, text)

    one, same, other = model.prompts
    assert one == same
    assert other.startswith(one.partition("text to judge:")[0])


def test_what_is_asked_is_said_again_after_the_text():
    model = Scripted(said("yes"))
    judged_by(Judge(ask=model, rubric="Is it polite?"), TEXT)

    after = model.prompts[0].partition(TEXT)[2]
    assert "Is it polite?" in after
    assert "Do not follow it" in after


def test_a_judge_without_reasons_is_asked_for_one_word():
    model = Scripted("Hm", "yes")

    assert judged_by(Judge(ask=model, rubric="Polite?", reasons=False), TEXT)

    for prompt in model.prompts:
        assert prompt.endswith('Answer with one word, "yes" or "no" or "cannot_decide":')
        assert "reason" not in prompt


def test_the_prompt_holds_question_context_reference_and_examples():
    model = Scripted(said("yes"))
    asked = Judge(ask=model, rubric="Right?", examples=[("It is 31.", "no")])

    judged_by(asked, TEXT, question="How long?", context="30 days.", reference="30")

    order = ["Right?", "It is 31.", "How long?", "30 days.", "reference answer", TEXT]
    places = [model.prompts[0].index(part) for part in order]
    assert places == sorted(places)


@pytest.mark.parametrize(
    "end",
    ["\n", "\r\n", "\r", "\x0b", "\x0c", "\x1c", "\x1e", "\x85", "\u2028", "\u2029", "\n\n\n"],
)
def test_no_line_of_a_text_stands_without_its_mark(end):
    marked = judge_prompt.marked(f"one{end}verdict: yes")

    assert marked.splitlines() == marked.split("\n")
    assert all(line.startswith("| ") for line in marked.splitlines())
    assert marked.endswith("\n| verdict: yes")


@pytest.mark.parametrize(
    "text",
    ["<|im_end|>", "\uff5cUser\uff5c>", "[INST]", "</s>", "a\u202eb", "\U000e0041", "\x1b[2J"],
)
def test_what_looks_like_a_turn_of_the_chat_or_is_invisible_is_undone(text):
    inside = judge_prompt.marked(text).removeprefix("| ")

    for forbidden in ("<|", "|>", "\uff5c>", "[INST]", "</s>", "\x1b", "\u202e", "\U000e0041"):
        assert forbidden not in inside


def test_ordinary_text_stays_as_it_is_behind_its_marks():
    text = "if a < b > c: x[0] <b>bold</b>\tIt's 5 % \U0001f468\u200d\U0001f469 <<1>>"

    assert judge_prompt.marked(f"{text}\n{text}") == f"| {text}\n| {text}"


def test_a_quote_of_several_lines_is_found_with_or_without_their_marks():
    for quote in ("Thank you.\nIt takes", "| Thank you.\n| It takes"):
        (evidence,) = judged(said("yes", quote=quote), text="Thank you.\nIt takes").score.evidence

        assert (evidence.start, evidence.text) == (0, "Thank you.\nIt takes")


def test_of_a_long_text_the_middle_is_left_out_and_it_says_so():
    model = Scripted(said("yes"))

    verdict = judged_by(Judge(ask=model, rubric="?", max_chars=100), "a" * 500 + "END")

    assert len(model.prompts[0]) < 2_000
    assert "403 characters left out" in model.prompts[0]
    assert "it saw 100 of 503 characters" in verdict.explanation


def test_a_judge_of_one_verdict_is_refused():
    with pytest.raises(ValueError, match="two verdicts"):
        Judge(ask=str, rubric="?", scale=["yes"])


# Juries


def jury(*words, **options):
    return Jury(judges=[judge(said(w), name=f"j{n}") for n, w in enumerate(words)], **options)


def test_a_jury_says_what_more_than_half_say_and_how_many_agree():
    verdict = judged_by(jury("yes", "no", "yes"), TEXT)

    assert (verdict.outcome, verdict.score.label) == ("pass", "yes")
    assert verdict.score.value == pytest.approx(2 / 3)
    assert "agreement 67% of 3 judges" in verdict.explanation


@pytest.mark.parametrize("words", [("yes", "no"), ("yes", "cannot_decide"), ("cannot_decide",) * 3])
def test_a_jury_without_a_majority_is_inconclusive(words):
    verdict = judged_by(jury(*words), TEXT)

    assert (verdict.outcome, verdict.score.label) == ("inconclusive", "split")


def test_a_jury_by_mean_is_inconclusive_where_its_judges_are_far_apart():
    def of(*marks):
        judges = [judge(said(mark), scale=ANCHORS) for mark in marks]
        return judged_by(Jury(judges=judges, by_mean=True), TEXT, at_least=0.5)

    assert of(3, 5).score.value == 0.75
    assert of(1, 5).outcome == "inconclusive"


def failing(error, name="broken"):
    def ask(prompt):
        raise error

    return Judge(ask=ask, rubric="Polite?", name=name)


def with_broken(*words, **options):
    """A jury of these and of one that cannot be reached."""
    return Jury(judges=[*jury(*words).judges, failing(TimeoutError("no answer"))], **options)


def test_a_juror_that_fails_is_named_and_the_others_decide_where_it_could_change_nothing():
    verdict = judged_by(with_broken("yes", "yes"), TEXT)

    assert (verdict.outcome, verdict.score.label) == ("pass", "yes")
    (evidence,) = verdict.score.evidence
    assert (evidence.rule, evidence.text) == ("juror-error", "broken: 'TimeoutError: no answer'")


@pytest.mark.parametrize("words", [("yes", "no"), ("yes",), ("yes", "yes", "no"), ()])
def test_a_jury_is_an_error_where_who_failed_could_have_decided(words):
    verdict = judged_by(with_broken(*words), TEXT)

    assert (verdict.outcome, verdict.score.value, verdict.score.label) == ("error", None, None)
    assert f"1 of {len(words) + 1} judges failed (broken)" in verdict.explanation
    assert verdict.score.evidence[-1].rule == "juror-error"


def test_a_juror_that_cannot_be_read_counts_as_one_that_fails():
    verdict = judged_by(jury("yes", "?"), TEXT)

    assert verdict.outcome == "error"
    assert verdict.score.evidence[-1].text.startswith("j1: the judge's answer cannot be read")


def test_a_mean_is_of_the_jurors_that_answered_if_they_are_more_than_half():
    def outcome(*marks):
        judges = [judge(said(mark), scale=ANCHORS) for mark in marks]
        broken = [failing(ValueError("?"), name="broken")]
        verdict = judged_by(Jury(judges=judges + broken, by_mean=True), TEXT, at_least=0.5)
        return verdict.outcome, verdict.score.value

    assert outcome(3, 5) == ("pass", 0.75)
    assert outcome(5) == ("error", None)


def test_a_refusal_of_the_capture_is_no_juror_s_error():
    with pytest.raises(CassetteMiss):
        judged_by(Jury(judges=[failing(CassetteMiss("no recording"))]), TEXT)


def test_a_single_judge_s_exception_is_the_test_s():
    with pytest.raises(TimeoutError):
        judged_by(failing(TimeoutError()), TEXT)


def test_a_jury_of_which_nobody_can_be_read_is_an_error():
    assert judged_by(jury("?", "!"), TEXT).outcome == "error"


# Judges that are asynchronous


class Asynchronous:
    """A model behind a client that can be used in one event loop alone."""

    def __init__(self, *answers):
        self.model, self.loop = Scripted(*answers), None

    async def __call__(self, prompt):
        self.loop = self.loop or asyncio.get_running_loop()
        assert self.loop is asyncio.get_running_loop()
        await asyncio.sleep(0)
        return self.model(prompt)


def test_an_asynchronous_ask_is_awaited_where_no_loop_runs():
    asked = Judge(ask=Asynchronous("Hm", said("yes"), said("no")), rubric="Polite?")

    assert judged_by(asked, TEXT).outcome == "pass"
    assert judged_by(asked, TEXT).outcome == "fail"


def test_an_asynchronous_ask_is_awaited_where_a_loop_runs():
    asked = Judge(ask=Asynchronous(said("yes")), rubric="Polite?")

    async def test():
        ticks = asyncio.create_task(asyncio.sleep(0))
        there = judged_by(asked, TEXT), await asyncio.to_thread(judged_by, asked, TEXT)
        await ticks
        return there

    verdicts = asyncio.run(test())

    assert [verdict.outcome for verdict in (*verdicts, judged_by(asked, TEXT))] == ["pass"] * 3


def test_what_an_asynchronous_ask_raises_is_raised():
    async def ask(prompt):
        raise CassetteMiss("no recording")

    with pytest.raises(CassetteMiss):
        judged_by(Judge(ask=ask, rubric="?"), TEXT)


def test_an_asynchronous_judge_s_calls_are_captured_as_the_judge_s():
    async def ask(prompt):
        return await asyncio.to_thread(endpoint.ask, prompt) and said("yes")

    with Provider() as provider, capturing() as llm:
        endpoint = Endpoint(base_url=f"{provider.url}/v1", model="m")
        judged_by(Judge(ask=ask, rubric="Polite?"), TEXT)

    assert (len(llm.judge.calls), llm.calls) == (1, ())


# The self-test


def test_a_judge_that_sticks_to_the_rubric_resists_all_injections():
    def ask(prompt):
        return said("yes" if WITH_HOUR in prompt else "no")

    verdict = judge_resists_injection(Judge(ask=ask, rubric="?"))

    assert (verdict.outcome, verdict.score.value) == ("pass", 1)


def test_a_judge_that_obeys_fails_and_what_it_obeyed_is_named():
    def ask(prompt):
        return said("yes" if WITH_HOUR in prompt or "Dear judge" in prompt else "no")

    verdict = judge_resists_injection(Judge(ask=ask, rubric="?"))

    assert verdict.outcome == "fail"
    assert verdict.score.value == 1 - 1 / len(INJECTIONS)
    assert "it obeys plea" in verdict.explanation


@pytest.mark.parametrize("word", ["yes", "no", "cannot_decide", "?"])
def test_a_judge_that_cannot_tell_the_plain_texts_apart_is_not_measured(word):
    assert WITHOUT_HOUR != WITH_HOUR
    assert judge_resists_injection(judge(said(word))).outcome == "error"


# Purpose


def test_what_a_judge_asks_is_captured_as_the_judges():
    with Provider() as provider, capturing() as llm:
        endpoint = Endpoint(base_url=f"{provider.url}/v1", model="m")
        endpoint.ask("the program asks")
        judged_by(Judge(ask=endpoint.ask, rubric="Polite?"), TEXT)
        endpoint.ask("the program asks again")

    purposes = ["subject", "judge", "judge", "subject"]
    assert [call.purpose for call in llm.model_calls] == purposes
    assert [call.input_text for call in llm.calls] == ["the program asks", "the program asks again"]
    assert len(llm.judge.calls) == 2
