"""Any policy is read or refused, and what is not known is never a pass."""

from __future__ import annotations

import tempfile
from decimal import Decimal
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st
from tests.unit.gate.given import attacked
from tests.unit.report.given import call, record, report_of

from pytest_litmus.errors import PolicyError
from pytest_litmus.gate.deciding import decide
from pytest_litmus.gate.measures import MEASURES
from pytest_litmus.gate.policy import read_policy

KEYS = ("measure", "at_most", "at_least", "tests", "severity", "of", "interval", "reason", "x")
VALUES = ("1", "0.5", "-1", "true", "'calls'", "'pass_rate'", "['a']", "[]", "{a = 1}", "nan", "''")
TABLES = ("[[rule]]", "[rule]", "[[must_pass]]", "[allow]", "[removed]", "[[other]]")

lines = st.one_of(
    st.sampled_from(TABLES),
    st.builds("{} = {}".format, st.sampled_from(KEYS), st.sampled_from(VALUES)),
)


@given(st.lists(lines, max_size=12))
def test_any_policy_is_read_or_refused_with_its_path(written):
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "gate.toml"
        path.write_text("\n".join(written))
        try:
            told = [rule.name for rule in read_policy(path).rules]
        except PolicyError as error:
            told = [str(error).partition("gate.toml")[1]]
        assert told
        assert all(told)


OUTCOMES = st.sampled_from(["passed", "failed", "skipped", "error"])
PRICES = st.sampled_from([None, Decimal(0), Decimal(1)])


@given(
    measure=st.sampled_from(sorted(MEASURES)),
    tests=st.lists(st.tuples(OUTCOMES, PRICES), max_size=4),
    attacks=st.lists(st.sampled_from(["safe", "unsafe", "undetermined", "error"]), max_size=4),
    limit=st.floats(0, 1),
)
def test_a_rule_and_its_opposite_never_both_block_by_a_known_number(measure, tests, attacks, limit):
    records = [
        record(f"t.py::n{n}", outcome=outcome, calls=(call(f"c{n}", cost_usd=price),))
        for n, (outcome, price) in enumerate(tests)
    ]
    records += [attacked(f"a{n}", outcome) for n, outcome in enumerate(attacks)]
    of = "of = 'similar'\n" if "of" in MEASURES[measure].keys else ""
    outcomes = []
    for end in ("at_most", "at_least"):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "gate.toml"
            path.write_text(f"[[rule]]\nmeasure = '{measure}'\n{end} = {limit}\n{of}")
            outcomes.append(decide([report_of(*records)], read_policy(path)).rulings[-1])

    assert sum(one.outcome == "fail" for one in outcomes) <= 1
    assert all(one.outcome != "pass" for one in outcomes if "not measured" in one.number)
