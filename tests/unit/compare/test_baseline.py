from __future__ import annotations

from decimal import Decimal

import pytest

from pytest_litmus.compare.baseline import Baseline, read, written
from pytest_litmus.compare.entries import Entry
from pytest_litmus.errors import ReportError
from pytest_litmus.suites.known import KnownBreaches

FULL = Entry(
    outcome="failed",
    fingerprint="h0123456789abcde",
    passed=3,
    of=4,
    severity="critical",
    pillar="safety",
    scores={"similar": 0.912345, "about: x": 1.0},
    latency_s=(1.25, 0.5),
    cost_usd=Decimal("0.000654321"),
    tokens=140.0,
)
ONCE = Entry(outcome="passed", fingerprint="h1", passed=1, of=1)


def saved(tmp_path, text):
    path = tmp_path / "llm-baseline.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_the_file_is_sorted_and_a_test_is_a_paragraph():
    text = written(Baseline(entries={"b": FULL, "a": ONCE}, blessed={"run": "r1"}))

    assert text == (
        "# What the tests came to when they were last approved of: later runs are compared with"
        " it.\n"
        "# Written by `litmus baseline bless`, and by nothing else.\n"
        "blessed:\n"
        "  run: r1\n"
        "tests:\n"
        "  a:\n"
        "    fingerprint: h1\n"
        "    outcome: passed\n"
        "  b:\n"
        "    fingerprint: h0123456789abcde\n"
        "    outcome: failed\n"
        "    passed: 3\n"
        "    of: 4\n"
        "    severity: critical\n"
        "    pillar: safety\n"
        "    scores: {'about: x': 1, similar: 0.9123}\n"
        "    latency_s: [0.5, 1.25]\n"
        "    cost_usd: '0.0006543'\n"
        "    tokens: 140\n"
    )


def test_what_is_written_is_read_again(tmp_path):
    path = saved(tmp_path, written(Baseline(entries={"b": FULL, "a": ONCE})))

    found = read(path)

    assert found.entries["a"] == ONCE
    assert found.entries["b"].scores == {"similar": 0.9123, "about: x": 1.0}
    assert found.entries["b"].cost_usd == Decimal("0.0006543")
    assert KnownBreaches.read(path).entries == {}


def test_many_times_become_so_many_quantiles(tmp_path):
    many = Entry(outcome="passed", latency_s=tuple(float(n) for n in range(1_000)))

    kept = read(saved(tmp_path, written(Baseline(entries={"a": many})))).entries["a"].latency_s

    assert len(kept) == 40
    assert (kept[0], kept[-1]) == (12, 987)


def test_a_file_of_breaches_alone_has_no_tests(tmp_path):
    assert read(saved(tmp_path, "breaches: []\n")) is None


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("- a\n", ":1: a baseline is a mapping with `tests:` or `breaches:`"),
        ("tests: []\n", ":1: `tests:` is a mapping of node ids"),
        ("tests:\n  a: 1\n", ":2: a test is a mapping with `outcome` and `fingerprint`"),
        ("tests:\n  a: {outcom: passed}\n", ":2: unknown key `outcom`: did you mean outcome?"),
        ("tests:\n  a: {}\n", ":2: outcome: None is no word of passed, failed"),
        ("tests:\n  a:\n    outcome: passed\n    tokens: many\n", ":4: tokens: 'many' is no"),
        ("tests:\n  a: {outcome: passed, of: 1.5}\n", "of: 1.5 is no whole number"),
        ("tests:\n  a: {outcome: passed, cost_usd: free}\n", "cost_usd: 'free' is no number"),
        ("tests:\n  a: {outcome: passed, cost_usd: 'nan'}\n", "cost_usd: 'nan' is no number"),
        ("tests:\n  a: {outcome: passed, scores: [1]}\n", "is no mapping of numbers"),
        ("tests:\n  a: {outcome: passed, latency_s: 1}\n", "is no list of numbers"),
        ("tests:\n  a: {outcome: passed, fingerprint: 12}\n", "12 is no text (quote it)"),
        ("blessed: 1\ntests: {}\n", ":1: `blessed:` is a mapping of texts"),
        ("tests: {a: {\n", "not YAML"),
    ],
)
def test_a_mistaken_baseline_is_refused_with_its_line(tmp_path, text, told):
    with pytest.raises(ReportError) as refused:
        read(saved(tmp_path, text))

    assert told in str(refused.value)
    assert str(tmp_path) in str(refused.value)


def test_a_file_that_is_not_there_is_named(tmp_path):
    with pytest.raises(ReportError, match=r"none\.yaml cannot be read: No such file"):
        read(tmp_path / "none.yaml")
