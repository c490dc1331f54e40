from __future__ import annotations

import time

import pytest

from pytest_litmus.evaluators.structure import (
    json_schema,
    valid_json,
    valid_markdown,
    valid_python,
    valid_sql,
    valid_xml,
)

ORDER = {
    "type": "object",
    "properties": {"items": {"type": "array", "items": {"properties": {"n": {"type": "integer"}}}}},
}


@pytest.mark.parametrize(
    "text", ['{"a": [NaN]}', "[Infinity]", "[1,]", '{"a": 1, "a": 2}', "", "Sure: {}", "\ufeff{}"]
)
def test_what_is_almost_json_fails(text):
    assert valid_json(text).outcome == "fail"


@pytest.mark.parametrize("text", ["1", ' {"a": []}\n', "1" * 5_000, '"\\ud800"'])
def test_any_json_text_passes(text):
    assert valid_json(text)


def test_the_place_of_the_fault_is_told():
    score = valid_json('{"a": oops}').score

    assert (score.evidence[0].start, score.evidence[0].text) == (6, "oops}")
    assert "oops" in score.explanation


def test_a_fence_is_taken_off_where_that_is_asked():
    fenced = "```json\n[1, oops]\n```"

    assert not valid_json("```json\n[1]\n```")
    assert valid_json("```json\n[1]\n```", fenced=True)
    place = valid_json(fenced, fenced=True).score.evidence[0]
    assert fenced[place.start : place.end] == place.text
    assert valid_json('{"a": 1, "a": 2}', unique_keys=False)


def test_the_path_that_the_schema_refuses_is_told():
    verdict = json_schema('{"items": [{"n": 1}, {"n": "x"}]}', ORDER)

    assert verdict.outcome == "fail"
    assert "$.items[1].n: 'x' is not of type 'integer'" in verdict.explanation
    assert json_schema({"items": []}, ORDER)


@pytest.mark.parametrize("schema", [{"type": "nothing"}, {"$ref": "http://localhost/x.json"}])
def test_a_schema_that_cannot_be_held_is_an_error(schema):
    assert json_schema("{}", schema).outcome == "error"


def test_xml_with_entities_is_refused():
    bomb = '<!DOCTYPE a [<!ENTITY b "bb"><!ENTITY c "&b;&b;">]><a>&c;</a>'

    assert "entity 'b'" in valid_xml(bomb).explanation
    assert valid_xml(bomb).outcome == "fail"
    assert valid_xml("<a>\n<b c='d'/></a>")
    assert not valid_xml("<a>\n<b></a>")


@pytest.mark.parametrize(
    "text",
    [
        "SELECT a FROM missing WHERE b = ';'; DELETE FROM missing",
        "CREATE TABLE t (a INT); INSERT INTO t VALUES (?)",
        "EXPLAIN SELECT 1",
        "ATTACH 'x.db' AS x",
    ],
)
def test_sql_that_parses_passes_and_is_not_run(text):
    assert valid_sql(text)


@pytest.mark.parametrize("text", ["SELEC 1", "SELECT (1", "Sure! SELECT 1", "", "SELECT 1 FROM"])
def test_sql_that_does_not_parse_fails(text):
    assert valid_sql(text).outcome == "fail"


def test_other_dialects_are_read_by_sqlglot():
    pytest.importorskip("sqlglot")

    assert valid_sql("SELECT a::int FROM t", dialect="postgres")
    assert valid_sql("Hello world", dialect="postgres").outcome == "fail"
    assert valid_sql("SELECT FROM WHERE", dialect="postgres").outcome == "fail"


def test_python_that_parses_passes():
    assert valid_python('import re\nre.match("\\d", "1")\n')
    assert "line 1" in valid_python("print 1").explanation
    assert valid_python("x = 1\0").outcome == "fail"
    assert valid_python(" " * 1_000_001 + "1").outcome != "pass"


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("```py\nx", "unclosed-fence"),
        ("| a | b |\n|---|---|\n| 1 |", "table-cells"),
        ("see [this](http://x", "unclosed-link"),
        ("see [this]()", "empty-link"),
    ],
)
def test_broken_markdown_is_quoted(text, rule):
    (fault,) = valid_markdown(text).score.evidence

    assert fault.rule == rule
    assert text[fault.start : fault.end] == fault.text
    assert not valid_markdown(text)


def test_whole_markdown_passes():
    assert valid_markdown("# A\n```\n[x](\n```\n| a | b |\n|--|--|\n| 1 | `2` |\n\n[a](b) `](`")


HOSTILE = ["[" * 100_000, '{"a":' * 20_000, '"\\' * 50_000, "](" * 50_000 + ")", "<a>" * 33_000,
           "'" + ";" * 99_999, "(" * 100_000, "-" * 100_000 + "1", "`" * 100_000,
           "|a\n|-\n" * 16_000, " " * 100_000, "\ud800" * 100_000]  # fmt: skip


@pytest.mark.parametrize(
    "evaluator", [valid_json, valid_xml, valid_sql, valid_python, valid_markdown]
)
def test_hostile_text_is_decided_in_under_a_second(evaluator):
    for text in HOSTILE:
        start = time.process_time()
        evaluator(text)
        assert time.process_time() - start < 3
