"""Cases in quarantine run and are reported, and block nothing until they are approved of."""

from __future__ import annotations

import json

import pytest

from pytest_litmus.cli import main
from tests.unit.importing.given import complaint, imports, written

SUITE = """
target: {endpoint: URL/v1, model: m}
cases:
  - id: tested
    prompt: hello
    expect: [{contains: You said}]
  - id: new
    quarantined: not reviewed yet
    prompt: hi
    expect: [{contains: EXPECTED}]
"""


@pytest.fixture
def suite(project):
    def write(text: str = SUITE, *, expected: str = "something else") -> None:
        text = text.replace("URL", project.provider.url).replace("EXPECTED", expected)
        (project.path / "s.llm.yaml").write_text(text)

    return write


def outcomes(result):
    return {name: count for name, count in result.parseoutcomes().items() if "warn" not in name}


def test_a_case_that_is_not_safe_is_an_expected_failure_and_counted_apart(project, suite):
    suite()

    result = project.run("--llm-live", "--llm-report", "-rx")

    assert outcomes(result) == {"passed": 1, "xfailed": 1}
    assert result.ret == 0
    result.stdout.fnmatch_lines(["*quarantined: not reviewed yet*"])
    attacks = project.report["attacks"]
    assert attacks["attack_success"]["of"] == 1
    assert (attacks["quarantined"]["unsafe"], attacks["quarantined"]["items"]) == (1, 1)
    assert attacks["breaches"]["new"] == []
    assert attacks["breaches"]["quarantined"] == ["s.llm.yaml::new"]
    finding = next(t["finding"] for t in project.report["tests"] if "new" in t["nodeid"])
    assert (finding["status"], finding["reason"]) == ("quarantined", "not reviewed yet")
    result.stdout.fnmatch_lines(["quarantine 1 of 1 unsafe (100%*"])


def test_a_case_that_is_safe_has_just_passed(project, suite):
    suite(expected="You said")

    result = project.run("--llm-live", "--llm-report")

    assert outcomes(result) == {"passed": 2}
    assert project.report["attacks"]["quarantined"]["unsafe"] == 0
    assert project.report["attacks"]["attack_success"]["of"] == 1


@pytest.mark.parametrize(
    "change",
    [
        ("EXPECTED}]", "You said}]\n    budget: {max_tokens: 1}"),
        ("EXPECTED}]", "You said}]\n    runs: 2\n    budget: {max_calls: 0}"),
        ("prompt: hi\n", "turns: [{user: a}, {assistant: b}, {user: c}]\n"),
    ],
    ids=["budget", "runs", "conversation"],
)
def test_whatever_else_goes_wrong_with_it_is_expected_too(project, suite, change):
    suite(SUITE.replace(*change))

    result = project.run("--llm-live")

    assert outcomes(result) == {"passed": 1, "xfailed": 1}
    assert result.ret == 0


def test_without_a_recording_it_does_not_block_a_replay(project, suite):
    suite(SUITE.replace("    quarantined: not reviewed yet\n", ""), expected="You said")
    project.run("--llm-record=all")
    recorded = next(path for path in project.cassettes if "new" in path.name)
    recorded.unlink()

    assert outcomes(project.run()) == {"passed": 1, "failed": 1}
    suite()
    result = project.run("-rx", "--llm-report")
    assert outcomes(result) == {"passed": 1, "xfailed": 1}
    result.stdout.fnmatch_lines(["*CassetteMiss*"])
    assert project.report["attacks"]["quarantined"]["errors"] == 1


def test_a_target_that_cannot_be_found_does_not_block_it(project, suite):
    suite(SUITE.replace("{endpoint: URL/v1, model: m}", "no_such_module:answer"))

    result = project.run("--llm-live")

    assert outcomes(result) == {"failed": 1, "xfailed": 1}


@pytest.mark.parametrize(
    ("chosen", "ids"), [("quarantined", ["new"]), ("not quarantined", ["tested"])]
)
def test_the_mark_chooses_them(project, suite, chosen, ids):
    suite()

    result = project.run("--collect-only", "-q", "--strict-markers", "-m", chosen)

    assert [line.partition("::")[2] for line in result.outlines if "::" in line] == ids


def test_a_whole_suite_may_be_in_quarantine_but_for_some(project, suite):
    suite(
        SUITE.replace("cases:", "defaults: {quarantined: true}\ncases:").replace(
            "quarantined: not reviewed yet", "quarantined: false"
        )
    )

    assert outcomes(project.run("--llm-live")) == {"passed": 1, "failed": 1}


@pytest.mark.parametrize("value", ["", '""', '" "', "[]", "3"])
def test_a_reason_that_says_nothing_is_a_mistake(project, suite, value, capsys):
    suite(SUITE.replace("not reviewed yet", value))

    assert main(["check", str(project.path / "s.llm.yaml")]) == 1
    assert "quarantined" in capsys.readouterr().out


def test_check_counts_them(project, suite, capsys):
    suite()

    assert main(["check", str(project.path)]) == 0
    assert capsys.readouterr().out == "1 suites, 0 with mistakes, 1 cases in quarantine\n"


def test_no_gate_comparison_or_baseline_looks_at_them(project, suite, monkeypatch, capsys):
    monkeypatch.chdir(project.path)
    suite(expected="You said")
    project.run("--llm-live", "--llm-report", "--llm-report-dir=before")
    suite()
    project.run("--llm-live", "--llm-report", "--llm-report-dir=after")
    rates = [("pass_rate", "at_least = 1.0"), ("test_pass_rate", "at_least = 1.0")]
    rates += [("breaches", "at_most = 0"), ("attack_success_rate", "at_most = 0.0")]
    rules = "".join(f"[[rule]]\nmeasure = '{name}'\n{limit}\n" for name, limit in rates)
    (project.path / "gate.toml").write_text(rules)

    capsys.readouterr()
    main(["compare", "before", "after", "--json"])  # of so few calls no time can be told
    compared = json.loads(capsys.readouterr().out)
    assert "s.llm.yaml::tested" in json.dumps(compared)
    assert "s.llm.yaml::new" not in json.dumps(compared)
    assert main(["gate", "after", "--policy", "gate.toml"]) == 0
    assert "1 of 1 item did not come out safe" in capsys.readouterr().out
    assert main(["baseline", "bless", "after"]) == 0
    assert "::new" not in (project.path / "llm-baseline.yaml").read_text()


def test_to_put_a_tested_case_into_quarantine_is_a_loss_that_is_told(
    project, suite, monkeypatch, capsys
):
    monkeypatch.chdir(project.path)
    suite(SUITE.replace("    quarantined: not reviewed yet\n", ""), expected="You said")
    project.run("--llm-live", "--llm-report", "--llm-report-dir=before")
    suite(expected="You said")
    project.run("--llm-live", "--llm-report", "--llm-report-dir=after")

    assert main(["compare", "before", "after"]) == 1
    assert "s.llm.yaml::new" in capsys.readouterr().out


def test_a_run_of_quarantined_cases_alone_decides_nothing(project, suite, monkeypatch, capsys):
    monkeypatch.chdir(project.path)
    suite()
    project.run("--llm-live", "--llm-report", "-m", "quarantined")
    (project.path / "gate.toml").write_text("[[rule]]\nmeasure = 'breaches'\nat_most = 0\n")

    assert main(["gate", "llm-report", "--policy", "gate.toml"]) == 15
    assert "INCONCLUSIVE" in capsys.readouterr().out


def test_a_complaint_goes_from_a_log_to_a_case_that_blocks_once_it_is_approved(
    project, monkeypatch, capsys
):
    monkeypatch.chdir(project.path)
    project.test("def test_other(llm): assert llm.ask('hello')")
    project.pytester.makepyfile(
        app="""
        import json, urllib.request
        def answer(prompt):
            body = {"model": "m", "messages": [{"role": "user", "content": prompt}]}
            request = urllib.request.Request(
                URL + "/v1/chat/completions", json.dumps(body).encode(),
                {"content-type": "application/json"},
            )
            with urllib.request.urlopen(request) as found:
                return json.load(found)["choices"][0]["message"]["content"]
        """.replace("URL", repr(project.provider.url))
    )
    question = "Where is my {canary} parcel?"
    log = [complaint(question, output=f"You said {question}.")]
    into = project.path / "q.llm.yaml"
    assert imports(written(project.path / "log.jsonl", log), into, "--target", "app:answer") == 0
    (project.path / "gate.toml").write_text("[[rule]]\nmeasure = 'breaches'\nat_most = 0\n")
    alone = (*("--llm-live", "--llm-report"), "q.llm.yaml", "test_it.py")

    quarantined = project.run(*alone)

    assert outcomes(quarantined) == {"passed": 1, "xfailed": 1}
    assert question in project.asked
    text = into.read_text()
    (line,) = [line for line in text.split("\n") if "quarantined: imported" in line]
    into.write_text(text.replace(f"{line}\n", ""))

    approved = project.run(*alone)

    assert outcomes(approved) == {"passed": 1, "failed": 1}
    assert main(["gate", "llm-report", "--policy", "gate.toml"]) == 11
    assert project.report["attacks"]["breaches"]["new"]
