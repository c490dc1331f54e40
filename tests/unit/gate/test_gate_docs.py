"""What docs/gate.md says is what the gate does."""

from __future__ import annotations

import re
from pathlib import Path

from pytest_litmus.gate.measures import EXIT_CODES, MEASURES
from pytest_litmus.gate.policy import ALLOWANCES
from pytest_litmus.gate.ratchet import weakened
from tests.unit.gate.given import policy

PAGE = (Path(__file__).parents[3] / "docs" / "gate.md").read_text(encoding="utf-8")
EXAMPLE, REMOVED = re.findall(r"```toml\n(.*?)```", PAGE, re.DOTALL)


def test_the_policy_of_the_page_is_read(tmp_path):
    found = policy(tmp_path, EXAMPLE)

    assert [rule.measure for rule in found.rules][-1] == "must_pass"
    assert set(found.allow) == {"inconclusive"}


def test_the_page_names_every_measure_and_every_allowance(tmp_path):
    named = set(re.findall(r"`(\w+)`", PAGE))
    streams = {name for name in MEASURES if name.startswith("time_to_first_chunk")}

    assert set(MEASURES) - streams <= named
    assert set(ALLOWANCES) <= named


def test_the_page_has_the_exit_codes_in_their_order():
    codes = [int(code) for code in re.findall(r"^\| \d? ?\| (\d+) \|", PAGE, re.MULTILINE)]

    assert codes == [2, *EXIT_CODES.values()]


def test_a_rule_that_went_has_its_reason_where_the_page_says(tmp_path):
    new = re.sub(r'\[\[rule\]\]\nmeasure = "latency_p95_s".*?\n\n', "", EXAMPLE, flags=re.DOTALL)

    (one,) = weakened(policy(tmp_path, EXAMPLE), policy(tmp_path, new + REMOVED))

    assert (one.name, one.reason) == ("latency_p95_s", "the load balancer holds it now")
