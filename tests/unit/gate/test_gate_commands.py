"""`litmus gate` and `litmus ratchet`, as they are typed."""

from __future__ import annotations

import json

import pytest

from pytest_litmus.cli import main
from tests.unit.gate.given import attacked, written
from tests.unit.report.given import call, record

POLICY = """\
[[rule]]
measure = "latency_p95_s"
at_most = 0.5
owner = "platform"

[[rule]]
measure = "new_breaches"
at_most = 0

[[rule]]
measure = "calls"
at_most = 9
blocking = false
reason = "a trial until May"
"""


@pytest.fixture
def gate(tmp_path, monkeypatch):
    """A folder with `gate.toml` and a report in `run`."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "gate.toml").write_text(POLICY)
    written(tmp_path, "run", record(), attacked("leak", "unsafe"))
    return tmp_path


def test_the_decision_is_told_worst_first_with_what_would_make_it_pass(gate, capsys):
    code = main(["gate", "run", "--policy", "gate.toml"])

    assert code == 11
    assert capsys.readouterr().out == (
        "DO NOT DEPLOY: safety, exit code 11, by gate.toml (3 of 4 rulings block)\n"
        "FAIL (safety) failed tests\n"
        "  measured  1 test (safety)\n"
        "  limit     none\n"
        "  tests     injection.llm.yaml::leak\n"
        "  mend      mend them, or write [allow] failed_tests = 'why' to leave it to the rules\n"
        "FAIL (safety) new_breaches\n"
        "  measured  1 breach (of 1 item)\n"
        "  limit     at most 0 breach\n"
        "  tests     injection.llm.yaml::leak\n"
        "  mend      1 breach less, or a limit with a reason\n"
        "FAIL (budget) latency_p95_s\n"
        "  measured  0.8 s (of 2 calls)\n"
        "  limit     at most 0.5 s\n"
        "  tests     tests/test_refund.py::test_answer\n"
        "            injection.llm.yaml::leak\n"
        "  mend      0.3 s less, or a limit with a reason\n"
        "  owner     platform\n"
        "1 rule kept; --explain shows them, and all tests\n"
    )


def test_explain_tells_of_rules_that_are_kept_and_of_all_tests(gate, capsys):
    written(gate, "many", *(record(f"t.py::n{n}", calls=(call(f"c{n}"),)) for n in range(5)))

    main(["gate", "many", "--policy", "gate.toml"])
    short = capsys.readouterr().out
    main(["gate", "many", "--policy", "gate.toml", "--explain"])
    explained = capsys.readouterr().out

    assert "            and 2 more: --explain\n" in short
    assert "t.py::n0\n" in explained
    assert (
        "PASS calls\n  measured  5 calls (in 5 tests)\n  limit     at most 9 calls\n" in explained
    )
    assert "  reason    a trial until May\n" in explained


def test_the_decision_is_written_for_programs(gate):
    code = main(["gate", "run", "--policy", "gate.toml", "--json", "out/decision.json"])

    found = json.loads((gate / "out" / "decision.json").read_text())
    assert (found["decision"], found["exit_code"]) == ("safety", code)
    assert [one["name"] for one in found["rulings"] if one["blocks"]] == [
        "failed tests",
        "latency_p95_s",
        "new_breaches",
    ]


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["nowhere", "--policy", "gate.toml"], "nowhere cannot be read: No such file or directory"),
        (["run", "--policy", "none.toml"], "none.toml cannot be read: No such file or directory"),
        (["run", "run", "--policy", "gate.toml"], "run run is given twice: it would count twice"),
        (
            ["run", "other", "--policy", "gate.toml"],
            (
                "runs run and other are not of one commit and CI job, as shards are (no commit in "
                "no CI job, no commit in no CI job): type --several to decide them together"
            ),
        ),
        (
            ["odd", "--policy", "gate.toml"],
            "odd: not as the report's schema has it: KeyError('run')",
        ),
    ],
)
def test_what_cannot_be_read_ends_with_2_and_writes_nothing(gate, capsys, words, told):
    written(gate, "other", record())
    (gate / "odd").mkdir()
    (gate / "odd" / "report.json").write_text('{"schema_version": "1.0", "tests": []}')

    code = main(["gate", *words, "--json", "d.json"])

    written_ = capsys.readouterr()
    assert (code, written_.out) == (2, "")
    assert written_.err == f"litmus gate: error: {told}\n"
    assert not (gate / "d.json").exists()


def test_runs_are_decided_together_where_that_is_wanted(gate, capsys):
    written(gate, "other", record())

    assert main(["gate", "run", "other", "--policy", "gate.toml", "--several"]) == 11
    assert "0.8 s (of 3 calls)" in capsys.readouterr().out


def test_what_a_model_or_a_test_is_named_cannot_command_the_terminal(gate, capsys):
    written(gate, "evil", record("t.py::\x1b[2J##[error]x"))

    main(["gate", "evil", "--policy", "gate.toml"])

    out = capsys.readouterr().out
    assert "\x1b" not in out
    assert "##[" not in out


# Ratchet


def ratchet(folder, new: str, old: str = POLICY) -> int:
    (folder / "old.toml").write_text(old)
    (folder / "new.toml").write_text(new)
    return main(["ratchet", str(folder / "old.toml"), str(folder / "new.toml")])


def test_a_policy_that_is_as_strict_or_stricter_is_fine(tmp_path, capsys):
    code = ratchet(tmp_path, POLICY.replace("0.5", "0.4"))

    assert (code, capsys.readouterr().out) == (0, "0 weakened, 0 without a reason\n")


@pytest.mark.parametrize(
    ("was", "now", "how"),
    [
        ("at_most = 0.5", "at_most = 0.6", "at_most was 0.5 and is 0.6"),
        ("at_most = 0.5", "at_least = 0.1", "at_most was 0.5 and is gone"),
        ('owner = "platform"', 'tests = "t.py"', "it was removed"),
        ('owner = "platform"', 'pillar = "quality"', "it was of budget, and is of quality"),
    ],
)
def test_a_weakened_limit_without_a_reason_is_found(tmp_path, capsys, was, now, how):
    code = ratchet(tmp_path, POLICY.replace(was, now))

    out = capsys.readouterr().out
    assert code == 1
    assert f"WEAKENED latency_p95_s: {how}" in out
    assert out.endswith("1 weakened, 1 without a reason\n")


def test_a_new_reason_in_the_new_policy_excuses_it(tmp_path, capsys):
    new = POLICY.replace("at_most = 0.5", "at_most = 0.6\nreason = 'the new model is slower'")

    assert ratchet(tmp_path, new) == 0
    assert capsys.readouterr().out == (
        "weakened latency_p95_s: at_most was 0.5 and is 0.6\n"
        "  reason    the new model is slower\n"
        "1 weakened, 0 without a reason\n"
    )


def test_a_reason_that_stood_there_before_excuses_nothing(tmp_path):
    assert ratchet(tmp_path, POLICY.replace("at_most = 9", "at_most = 10")) == 1


def test_a_rule_goes_with_a_reason_in_removed(tmp_path):
    kept = POLICY[POLICY.index('[[rule]]\nmeasure = "new_breaches"') :]

    assert ratchet(tmp_path, kept) == 1
    assert ratchet(tmp_path, kept + "[removed]\nlatency_p95_s = 'moved to the SLO'\n") == 0


def test_what_is_newly_allowed_is_told_with_its_reason(tmp_path, capsys):
    code = ratchet(tmp_path, POLICY + "[allow]\ninconclusive = 'few cases yet'\n")

    assert code == 0
    assert "weakened [allow] inconclusive: it was not allowed before" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("was", "now", "how"),
    [
        ("interval = true", "", "the whole interval had to keep the limit"),
        ("new_only = false", "new_only = true", "it counted all breaches, and now only new ones"),
        ("at_most = 0.1", "at_most = 0.1\nblocking = false\nreason = 'before'", ""),
        ('family = "a"', 'family = "b"', "family was a and is b: it speaks of something else"),
        ("at_least = 0", "", "at_least was 0 and is gone"),
    ],
)
def test_each_way_to_weaken_a_rule_is_found(tmp_path, capsys, was, now, how):
    old = (
        '[[rule]]\nname = "r"\nmeasure = "attack_success_rate"\nat_most = 0.1\nat_least = 0\n'
        'interval = true\nnew_only = false\nfamily = "a"\n'
    )

    code = ratchet(tmp_path, old.replace(was, now), old)

    out = capsys.readouterr().out
    if how:
        assert code == 1
        assert f"WEAKENED r: {how}" in out
    else:
        assert "weakened r: it blocked, and only advises" in out


def test_a_policy_that_cannot_be_read_ends_with_2(tmp_path, capsys):
    assert ratchet(tmp_path, "[[rules]]\n") == 2
    assert "new.toml:1: unknown key `rules`: did you mean rule?" in capsys.readouterr().err
