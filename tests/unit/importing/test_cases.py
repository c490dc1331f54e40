"""Text of logs is hostile: it is literal in the suite, whatever it holds."""

from __future__ import annotations

from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from pytest_litmus.drift.seen import Seen
from pytest_litmus.importing.appending import appended, new_suite
from pytest_litmus.importing.cases import Asked, made_of
from pytest_litmus.importing.choosing import Chosen
from pytest_litmus.importing.conversation import Message
from pytest_litmus.importing.redacting import Redactor
from pytest_litmus.importing.traced import Traced
from pytest_litmus.suites.filling import filled, filled_in
from tests.unit.importing.given import reader

READER = reader()
PLAIN_TEXT = st.characters(exclude_categories=("Cs", "Nd"), exclude_characters="@:")
HOSTILE = st.sampled_from(
    [
        "{canary}",
        "{prompt}",
        "{imported_1}",
        "${x}",
        "{{ 7*7 }}",
        "{% raw %}",
        "\n- id: x",
        "# ",
        "|-",
    ]
)
TEXTS = st.lists(st.one_of(PLAIN_TEXT, HOSTILE, st.sampled_from("\n\r\t \x00\x85\u2028{}'\"")))
TEXT = TEXTS.map("".join).filter(str.strip)
VALUES = {"canary": "SECRET", "prompt": "P", "injection": "I"}
HERE = Path("q.llm.yaml")


def made(*texts: str, answer: str, why="thumbs-down"):
    seen = Seen(input=texts[-1], output=answer)
    asked = Asked(messages=tuple(Message("user", text) for text in texts))
    return made_of(
        asked,
        [Chosen(call=Traced(seen=seen, id="c1"), why=why)],
        Redactor(),
        source={"name": "log.jsonl", "format": "plain JSONL"},
    )


def read(text: str):
    return READER.read_text(text, HERE, shown=HERE, root=HERE.parent)


@settings(deadline=None, max_examples=300)
@given(st.lists(TEXT, min_size=1, max_size=3), TEXT)
def test_any_text_comes_out_of_the_suite_as_it_went_in(texts, answer):
    one = made(*texts, answer=answer)
    (case,) = read(new_suite([one], quarantined="q", target=None)).cases

    values = dict(case.variables) | VALUES
    assert [filled(turn.text, values) for turn in case.turns] == texts
    rejected = case.expect[1].inner[0].arguments["reference"]
    assert filled_in(rejected, values) == answer


@settings(deadline=None, max_examples=100)
@given(TEXT, TEXT)
def test_any_text_can_be_added_to_a_suite(text, answer):
    first = new_suite([made("The first?", answer="No.")], quarantined="q", target=None)

    suite = read(appended(first, HERE, [made(text, answer=answer)], quarantined="q"))

    assert len(suite.cases) == 2
    values = dict(suite.cases[1].variables) | VALUES
    assert filled(suite.cases[1].turns[0].text, values) == text


def test_what_is_expected_depends_on_why_it_was_chosen():
    def expected(why, answer="No idea."):
        return made("Where?", answer=answer, why=why).case["expect"]

    answers, same = {"length": {"at_least": 1}}, {"reference": "No idea.", "at_least": 0.8}
    assert expected("thumbs-down") == [answers, {"not": {"similar": same}}]
    assert expected("failed") == [answers, {"not": {"similar": same}}]
    assert expected("failed", answer="") == [answers]
    assert expected("thumbs-up") == [{"similar": same}]
    assert expected("all") == [answers]


def test_the_id_is_made_of_the_words_and_stays_the_same():
    one, again = made("Where is it?", answer="a"), made("Where  is it?", answer="b")

    assert one.case["id"] == again.case["id"]
    assert one.case["id"].startswith("where-is-it-")
    assert made("哪里?", answer="a").case["id"].startswith("case-")
