"""Answers on the shop's policies: what is said, from which facts, and what it takes."""

from __future__ import annotations

import pytest
from support_assistant import assistant, model
from support_assistant.retrieval import search

from pytest_litmus import Limit, Score, judge


def test_an_opened_tent_can_be_returned_for_30_days(llm):
    answer = assistant.answer("How long do I have to return a tent that I have opened?")

    assert "30 days" in answer
    assert llm.last.finish_reasons == ("stop",)
    assert llm.latency_s < 60
    assert llm.output_tokens < 120


@pytest.mark.parametrize(
    ("question", "fact"),
    [
        pytest.param("How long is the warranty on a backpack?", "5 years", id="warranty"),
        pytest.param("Up to what amount can I pay on invoice?", "250", id="invoice"),
        pytest.param(
            "Can I send back a climbing rope that I have opened?", "cannot be returned", id="rope"
        ),
    ],
)
def test_an_answer_states_the_fact_of_the_policy_in_few_words(llm, question, fact):
    answer = assistant.answer(question)

    # Soft checks: when several fail, the test shows all of them.
    llm.check(judge(Score(name="states the fact", value=float(fact in answer)), Limit(at_least=1)))
    llm.check(judge(Score(name="words", value=len(answer.split())), Limit(at_most=50)))


def test_the_model_is_given_the_passage_that_answers(llm):
    assistant.answer("What happens to my invoices when I delete my account?")

    (instructions,) = llm.last.input_messages[:-1] or llm.last.system_instructions
    assert "invoices are kept for 10 years" in str(instructions)
    assert "Climbing ropes" not in str(instructions)
    assert "10 years" in llm.last.output_text


def test_a_question_that_no_policy_answers_is_not_left_to_the_model(llm):
    answer = assistant.answer("Which capital has France?")

    assert answer == assistant.UNKNOWN
    assert llm.calls == ()


def test_each_step_is_measured_by_itself(llm):
    question = "How much is shipping within Germany?"

    with llm.step("route"):
        topic = assistant.route(question)
    with llm.step("retrieve"):
        passages = search(question)
    with llm.step("answer"):
        answer = model.say(assistant.grounded_in(passages, question))

    assert topic == "policy"
    assert passages[0].title == "Shipping costs"
    assert "4.90 EUR" in answer
    assert [call.step for call in llm.calls] == ["route", "answer"]


@pytest.mark.llm(max_calls=1, max_tokens=600, max_latency_s=60, max_cost_usd=0.0001)
def test_an_answer_keeps_its_budget(llm):
    assistant.answer("How long is a gift card valid?")

    assert "3 years" in llm.last.output_text
    assert llm.cost_usd > 0
