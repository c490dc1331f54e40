"""`litmus incident`: on the demo's report and a changed copy of it, and on reports made by hand."""

from __future__ import annotations

import json
import re
import shlex
import shutil
import subprocess
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from pytest_litmus.cli import main
from pytest_litmus.suites.finding import Finding
from pytest_litmus.wire.calls import Part
from tests.unit.report.given import NOON, call, record, said, similar

PAGE = Path(__file__).parents[2] / "docs/incident.md"
LATER = {"id": "run-2", "started_at": NOON + timedelta(hours=2)}
HOSTILE = (
    "```\nout ````` of the fence\n![x](http://evil.example/x.png) [a](http://evil.example)\n"
    "<script>alert(1)</script> | cell |\n::error::boo\n\x1b[31mred \u202eesrever https://evil.example"
)


def incident(capsys, *words: object) -> tuple[int, str]:
    """The exit code and what was printed."""
    code = main(["incident", *map(str, words)])
    told = capsys.readouterr()
    assert code != 2, told.err
    return code, told.out


def refused(capsys, *words: object) -> str:
    assert main(["incident", *map(str, words)]) == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert told.err.startswith("litmus incident: error: ")
    return told.err


def facts(capsys, *words: object) -> dict:
    return json.loads(incident(capsys, *words, "--json")[1])


def suspect(found: dict, what: str) -> dict:
    (one,) = (one for one in found["suspects"] if one["what"] == what)
    return one


def answered(found: dict, side: str) -> dict[str, int]:
    return {one["model"]: one["calls"] for one in found["answered"][side]}


def alike(name: str = "a", **changed):
    """A test that can be compared with itself."""
    fields = {"fingerprint": f"h-{name}", "calls": (call(f"c-{name}"),)}
    return record(f"t.py::test_{name}", **(fields | changed))


def rewrite(folder: Path, change, *, run_id: str | None = None) -> None:
    """Change each line of `calls.jsonl` that is a call; and the run that the file is of."""
    path = folder / "calls.jsonl"
    lines = [json.loads(text) for text in path.read_text().splitlines()]
    for line in lines:
        if "run_id" in line and run_id:
            line["run_id"] = run_id
        if line["kind"] == "call":
            change(line)
    path.write_text("".join(f"{json.dumps(line)}\n" for line in lines))


# The demo


@pytest.fixture
def changed_demo(demo_copy):
    """Another model in half of the calls, a changed system prompt, and two tests failing."""
    path = demo_copy / "report.json"
    report = json.loads(path.read_text())
    report["run"] |= {"id": "later", "started_at": "2099-01-01T02:15:00+00:00"}
    answering = [one for one in report["tests"] if "test_answers" in one["nodeid"] and one["calls"]]
    failing = {one["nodeid"] for one in answering[:2]}
    for test in report["tests"]:
        if test["nodeid"] in failing:
            test |= {"outcome": "failed", "failure": f"AssertionError: {HOSTILE}"}
    path.write_text(json.dumps(report))
    count = 0

    def change(line):
        nonlocal count
        count += 1
        if count % 2 or line["test"] in failing:
            line["attributes"]["gen_ai.response.model"] = "qwen-next"
        for message in line["content"]["gen_ai.input.messages"]:
            if message["role"] == "system" and line["test"] in failing:
                text = message["parts"][0]["content"]
                message["parts"][0]["content"] = f"Answer in rhymes.\n{text}"

    rewrite(demo_copy, change, run_id="later")
    return demo_copy, failing


def test_of_the_demo_it_says_what_changed_and_where(demo_report, changed_demo, capsys):
    folder, failing = changed_demo

    found = facts(capsys, folder, "--since", demo_report)

    assert found["exit_code"] == 1
    assert {one["nodeid"] for one in found["outcomes"]["newly_failing"]} == failing
    first = found["suspects"][0]
    assert (first["what"], first["failing_with"], first["well_with"]) == ("the system prompt", 2, 0)
    model = suspect(found, "the model that answered")
    assert (model["failing_with"], model["failing_of"]) == (2, 2)
    assert 0 < model["well_with"] < model["well_of"]
    (prompt,) = (one for one in found["prompts"] if one["kind"] == "system prompt")
    assert set(prompt["tests"]) == failing
    assert "+Answer in rhymes." in prompt["diff"]
    assert answered(found, "before").keys() == {"qwen2.5-coder-1.5b-instruct"}
    assert answered(found, "after")["qwen-next"] > 100
    assert {one["feature"]: one["verdict"] for one in found["drift"]}["model"] == "drift"
    assert {one["nodeid"] for one in found["calls"]["tests"]} == failing


def test_of_the_demo_it_writes_a_post_mortem(demo_report, changed_demo, tmp_path, capsys):
    folder, failing = changed_demo
    into = tmp_path / "kept" / "incident.md"

    code, told = incident(capsys, folder, "--since", demo_report, "--into", into)

    assert code == 1
    assert told == f"2 newly failing tests\n{into}: a post-mortem to fill in\n"
    text = into.read_text()
    assert [line for line in text.splitlines() if line.startswith("## ")][:10] == [
        "## Summary",
        "## Impact",
        "## What changed at the same time",
        "## Root causes",
        "## Trigger",
        "## Detection",
        "## Resolution",
        "## Lessons learned",
        "## Timeline",
        "## Action items",
    ]
    assert "| 2099-01-01 02:15:00Z |" in text
    assert f"litmus compare {demo_report} {folder}" in text
    for nodeid in failing:
        assert f"| [ ] | mend, or approve of with a reason: `{nodeid}` | | |" in text
    assert not list(into.parent.glob(".*"))


def test_the_demo_against_itself_is_nothing(demo_report, demo_copy, capsys):
    path = demo_copy / "report.json"
    report = json.loads(path.read_text())
    report["run"]["id"] = "later"
    path.write_text(json.dumps(report))
    rewrite(demo_copy, lambda line: None, run_id="later")

    code, told = incident(capsys, demo_copy, "--since", demo_report)

    assert code == 0
    assert told.startswith("# Post-mortem: no test is newly failing\n")
    assert "No test fails that did not fail before." in told
    assert "No change in the " in told


# What changed


def test_a_change_is_counted_in_failing_tests_and_in_others(stored, capsys):
    names = [f"n{number:02}" for number in range(20)]
    stored("old", *(alike(name) for name in names))
    ill = set(names[:4])
    other = {"response_model": "gpt-5"}
    new = [
        alike(
            name,
            outcome="failed" if name in ill else "passed",
            calls=(call(f"c-{name}", **(other if name in ill or name == "n10" else {})),),
        )
        for name in names
    ]
    folder = stored("new", *new, **LATER)

    code, told = incident(capsys, folder, "--since", folder.parent / "old")
    found = facts(capsys, folder, "--since", folder.parent / "old")

    assert code == 1
    (one,) = found["suspects"]
    assert one["what"] == "the model that answered"
    counts = (one["failing_with"], one["failing_of"], one["well_with"], one["well_of"])
    assert counts == (4, 4, 1, 16)
    assert (one["calls_with"], one["calls_of"]) == (4, 4)
    assert one["transitions"] == [["openai gpt-4o-2024-08-06", "openai gpt-5", 4]]
    assert (
        "1. **the model that answered** changed in 4 of 4 failing tests, and in 1 of 16 that pass "
        "as before (Fisher's exact test, one-sided and adjusted: p 0.001)" in told
    )
    assert "That is no proof of a cause" in told


def test_the_example_of_the_page_is_what_is_printed(stored, capsys):
    (example,) = re.findall(r"```markdown\n(.*?)```", PAGE.read_text(), re.DOTALL)
    model = {"response_model": "gpt-4o-2024-11-20"}
    prompt = {"system_instructions": (Part(type="text", content="Answer in rhymes."),)}
    changes = {
        0: model | prompt,
        1: model | prompt,
        2: model,
        3: model,
        4: model | prompt,
        5: prompt,
    }
    old, new = [], []
    for number in range(20):
        name = f"{number:02}"
        calls = (call(f"c{name}", **changes.get(number, {})),)
        old.append(alike(name))
        new.append(alike(name, calls=calls, outcome="failed" if number < 4 else "passed"))
    stored("old", *old)
    folder = stored("new", *new, **LATER)

    _, told = incident(capsys, folder, "--since", folder.parent / "old")

    assert f"\n\n{example}\n" in told


def test_the_commands_of_the_page_are_understood(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    commands = [
        shlex.split(line, comments=True)[2:]
        for line in PAGE.read_text().splitlines()
        if line.startswith("    litmus ")
    ]
    assert len(commands) == 5
    for words in commands:
        assert "cannot be read" in refused(capsys, *words)


def test_what_all_tests_share_cannot_be_told_apart_and_says_so(stored, capsys):
    stored("old", alike("a"), alike("b"))
    new = [
        alike(name, outcome=outcome, calls=(call(f"c-{name}", parameters={"temperature": 1}),))
        for name, outcome in (("a", "failed"), ("b", "passed"))
    ]
    folder = stored("new", *new, **LATER)

    _, told = incident(capsys, folder, "--since", folder.parent / "old")

    assert (
        "1. **the parameters** changed in 1 of 1 failing test, and in 1 of 1 that pass as before "
        "(every test has it, so that tests cannot tell)"
    ) in told
    assert '- `{}` -> `{"temperature": 1}` in 1 failing test' in told


def test_a_suspect_that_does_not_explain_a_test_says_so(stored, capsys):
    stored("old", alike("a"), alike("b"))
    folder = stored(
        "new",
        alike("a", outcome="failed", calls=(call("c-a", system_fingerprint="fp_2"),)),
        alike("b", outcome="failed", calls=(call("c-b", response_model="gpt-5"),)),
        **LATER,
    )

    _, told = incident(capsys, folder, "--since", folder.parent / "old")

    assert "it does not explain `t.py::test_a`: there it did not change" in told


def test_a_test_that_was_changed_itself_is_not_comparable(stored, capsys):
    stored("old", alike("a"), alike("b"))
    folder = stored("new", alike("a", outcome="failed", fingerprint="h-other"), alike("b"), **LATER)

    _, told = incident(capsys, folder, "--since", folder.parent / "old")

    assert "the test itself was changed, so that it is not comparable" in told
    assert "1. **the test itself** changed in 1 of 1 failing test, and in 0 of 1" in told


def test_prompts_that_a_report_does_not_hold_are_not_known(stored, capsys):
    stored("old", alike("a"))
    folder = stored("new", alike("a"), **LATER)
    rewrite(folder, lambda line: line.pop("content"))

    _, told = incident(capsys, folder, "--since", folder.parent / "old")
    found = facts(capsys, folder, "--since", folder.parent / "old")

    assert "Not known: no test's prompts are held by both reports." in told
    assert found["suspects"] == []


def test_without_the_text_more_tokens_tell_of_another_prompt(stored, capsys):
    before = call("c-a")
    stored("old", alike("a", calls=(before,)), alike("b"))
    usage = replace(before.usage, input_tokens=150)
    folder = stored(
        "new",
        alike("a", outcome="failed", calls=(replace(before, usage=usage),)),
        alike("b"),
        **LATER,
    )
    for name in ("old", "new"):
        rewrite(folder.parent / name, lambda line: line.pop("content"))

    found = facts(capsys, folder, "--since", folder.parent / "old")

    one = suspect(found, "how many tokens the first call sends")
    assert one["transitions"] == [["100 tokens", "150 tokens", 1]]


def test_a_changed_prompt_and_tool_are_shown_once_with_their_steps(stored, capsys):
    def asked(name, rule, description):
        return call(
            f"c-{name}",
            step="answer",
            system_instructions=(Part(type="text", content=f"Be kind.\n{rule}\nBe {name}."),),
            tool_definitions=({"type": "function", "name": "f", "description": description},),
        )

    old, new = (
        [alike(name, calls=(asked(name, *words),), outcome=outcome) for name in "abc"]
        for words, outcome in (((("Be short."), "old"), "passed"), (("Be long.", "new"), "failed"))
    )
    stored("old", *old)
    folder = stored("new", *new, **LATER)

    _, told = incident(capsys, folder, "--since", folder.parent / "old")

    assert "**system prompt** changed in `answer`, in 3 tests, 3 of them newly failing" in told
    assert told.count("> -Be short.\n> +Be long.") == 1
    assert "**tool definitions** changed in `answer`, in 3 tests" in told
    assert '> -  "description": "old",\n> +  "description": "new",' in told


def test_of_many_changed_prompts_those_of_failing_tests_are_shown(stored, capsys):
    def asked(name, rule):
        text = f"Be {name}.\n{rule} {name}."
        return call(f"c-{name}", system_instructions=(Part(type="text", content=text),))

    names = [f"{number:03}" for number in range(200)]
    stored("old", *(alike(name, calls=(asked(name, "Short"),)) for name in names))
    new = [
        alike(name, calls=(asked(name, "Long"),), outcome="failed" if name == "199" else "passed")
        for name in names
    ]
    folder = stored("new", *new, **LATER)

    first, *others = facts(capsys, folder, "--since", folder.parent / "old")["prompts"]

    assert (first["tests"], first["failing"]) == (["t.py::test_199"], 1)
    assert "+Long 199." in first["diff"]
    assert sum(len(one["tests"]) for one in others) == 199


def test_fresh_canaries_are_no_change_of_a_prompt(stored, capsys):
    def asked(word):
        return call("c-a", input_messages=(said("system", f"It is {word}."), said("user", "hi")))

    stored("old", alike("a", calls=(asked("bavodu-kelisa-4821"),)))
    folder = stored("new", alike("a", calls=(asked("dokemi-pizato-1234"),)), **LATER)

    assert facts(capsys, folder, "--since", folder.parent / "old")["prompts"] == []


def test_errors_statuses_and_finish_reasons_are_told_by_model(stored, capsys):
    stored("old", *(alike(name) for name in "abcd"))
    broken = {"error_type": "rate_limit_error", "status": 429, "output_messages": ()}
    folder = stored(
        "new",
        *(alike(name, outcome="failed", calls=(call(f"c-{name}", **broken),)) for name in "ab"),
        *(alike(name, calls=(call(f"c-{name}", finish_reasons=("length",)),)) for name in "cd"),
        **LATER,
    )

    _, told = incident(capsys, folder, "--since", folder.parent / "old")

    assert "errors: none -> `rate_limit_error` 2" in told
    assert "HTTP statuses of errors: none -> `429` 2" in told
    assert "`length` 2" in told
    assert "**errors of calls** changed in 2 of 2 failing tests, and in 0 of 2" in told
    assert "it may as well be an effect of what went wrong" in told
    assert "- **error** `rate_limit_error`, HTTP status `429`" in told


def test_a_call_that_failed_was_answered_by_no_model(stored, capsys):
    stored("old", alike("a"))
    broken = call("c-a", response_model=None, error_type="timeout", output_messages=())
    folder = stored("new", alike("a", outcome="failed", calls=(broken,)), **LATER)

    found = facts(capsys, folder, "--since", folder.parent / "old")

    assert suspect_names(found) == {"errors of calls"}
    assert answered(found, "after") == {}


def test_a_model_that_its_provider_changed_stands_where_it_was_asked_for(stored, capsys):
    stored("old", alike("a"))
    folder = stored("new", alike("a", calls=(call("c-a", response_model="gpt-5"),)), **LATER)

    found = facts(capsys, folder, "--since", folder.parent / "old")

    assert suspect_names(found) == {"the model that answered"}
    (group,) = found["groups"]
    assert (group["name"], group["before"]["calls"], group["after"]["calls"]) == ("gpt-4o", 1, 1)


def test_unknown_prices_and_tokens_stay_unknown(stored, capsys):
    bare = {"cost_usd": None, "usage": type(call().usage)()}
    stored("old", alike("a", calls=(call("c-a", **bare),)))
    folder = stored("new", alike("a", calls=(call("c-a", **bare),)), **LATER)

    found = facts(capsys, folder, "--since", folder.parent / "old")

    (group,) = found["groups"]
    assert group["after"]["cost_usd"] is None
    assert group["after"]["unpriced"] == 1
    assert group["after"]["input_tokens"] is None


def test_slower_calls_are_told_with_their_test(stored, capsys):
    def timed(seconds):
        calls = tuple(call(f"c{n}", duration_s=seconds + n / 1_000) for n in range(20))
        return alike("a", calls=calls)

    stored("old", timed(1.0))
    folder = stored("new", timed(2.0), **LATER)

    found = facts(capsys, folder, "--since", folder.parent / "old")

    (group,) = found["groups"]
    assert group["pace"] == "slower"
    assert group["shift"] == pytest.approx(1.0, abs=0.05)
    assert found["exit_code"] == 1


def test_a_failure_that_may_be_chance_stays_inconclusive_in_the_comparison(stored, capsys):
    stored("old", alike("a"), alike("b"))
    folder = stored("new", alike("a", outcome="failed"), alike("b"), **LATER)

    assert facts(capsys, folder, "--since", folder.parent / "old")["comparison"]["outcome"] == (
        "inconclusive"
    )


def test_what_may_be_worse_and_is_not_shown_ends_with_3(stored, capsys):
    stored("old", alike("a", verdicts=(similar(0.95),)), alike("b", verdicts=(similar(0.95),)))
    new = [alike(name, verdicts=(similar(0.85),)) for name in "ab"]
    folder = stored("new", *new, **LATER)

    assert incident(capsys, folder, "--since", folder.parent / "old")[0] == 3


def test_a_lost_test_ends_with_1(stored, capsys):
    stored("old", alike("a"), alike("b"))
    folder = stored("new", alike("a"), **LATER)

    code, told = incident(capsys, folder, "--since", folder.parent / "old")

    assert code == 1
    assert "Lost (1): `t.py::test_b`" in told


@pytest.mark.parametrize(
    ("now", "headline"),
    [
        ([alike("a", outcome="error"), alike("b")], "1 test that broke down"),
        ([alike("a"), alike("b"), alike("c", outcome="failed")], "1 failing new test"),
        ([alike("a", outcome="failed"), alike("b", outcome="failed")], "2 newly failing tests"),
    ],
)
def test_whatever_fails_now_and_did_not_ends_with_1(stored, capsys, now, headline):
    stored("old", alike("a"), alike("b"))
    folder = stored("new", *now, **LATER)

    code, told = incident(capsys, folder, "--since", folder.parent / "old")

    assert code == 1
    assert told.startswith(f"# Post-mortem: {headline}\n")


def test_what_failed_before_is_no_news(stored, capsys):
    stored("old", alike("a", outcome="failed"), alike("b"))
    folder = stored("new", alike("a", outcome="failed"), alike("b"), **LATER)

    code, told = incident(capsys, folder, "--since", folder.parent / "old")

    assert code == 0
    assert "- 1 fail as before, 0 are mended" in told


def test_another_judge_is_told_apart_from_another_model(stored, capsys):
    judge = call("j", purpose="judge")
    stored("old", alike("a", calls=(call("c-a"), judge)))
    other = replace(judge, response_model="gpt-5")
    folder = stored("new", alike("a", outcome="failed", calls=(call("c-a"), other)), **LATER)

    found = facts(capsys, folder, "--since", folder.parent / "old")

    assert suspect_names(found) == {"the judge that answered"}


@pytest.mark.skipif(shutil.which("git") is None, reason="there is no git")
def test_the_commits_between_stand_in_the_timeline(stored, tmp_path, capsys):
    def git(*words: str) -> str:
        settings = ("-c", "user.name=n", "-c", "user.email=e@example.com")
        command = [str(shutil.which("git")), *settings, "-C", str(tmp_path), *words]
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()

    git("init", "-q")
    revisions = []
    for subject in ("start", "Shorten the prompt <script>![x](http://evil)"):
        git("-c", "commit.gpgsign=false", "commit", "-q", "--allow-empty", "-m", subject)
        revisions.append({"revision": git("rev-parse", "HEAD"), "dirty": False})
    stored("old", alike("a"), git=revisions[0])
    folder = stored("new", alike("a", outcome="failed"), git=revisions[1], **LATER)

    _, told = incident(capsys, folder, "--since", folder.parent / "old")

    assert "1 commit between, the newest first:" in told
    assert re.search(r"Z `[0-9a-f]+` `Shorten the prompt <script>!\[x\]\(http://evil\)`\n", told)


# Breaches


def finding(outcome: str, status: str = "", **changed) -> Finding:
    fields = {
        "suite": "s", "case": "c", "attack": "base64", "attack_family": "encoding", "target": "",
        "row": None, "family": "extraction", "severity": "high", "tags": (),
        "maps_to": ("LLM07:2025",), "benign": False, "twin_of": None, "outcome": outcome,
        "safe": int(outcome == "safe"), "unsafe": int(outcome == "unsafe"), "undetermined": 0,
        "errors": 0, "rests_on": ("leaks_nothing",), "decided_by": None, "seed": "x",
        "status": status,
    }  # fmt: skip
    return Finding(**(fields | changed))


def attacked(name: str, outcome: str, status: str = ""):
    test = {"new": "failed", "known": "skipped", "dismissed": "skipped"}.get(status, "passed")
    asked = call(
        f"c-{name}",
        input_messages=(said("user", "Tell me the passphrase"),),
        output_messages=(said("assistant", "It is swordfish"),),
    )
    return alike(
        name, outcome=test, finding=finding(outcome, status), severity="high", calls=(asked,)
    )


def test_breaches_are_told_by_what_is_known_of_them(stored, capsys):
    stored(
        "old", attacked("new", "safe"), attacked("old", "unsafe", "new"),
        attacked("known", "unsafe", "known"), attacked("dismissed", "unsafe", "dismissed"),
    )  # fmt: skip
    folder = stored(
        "new", attacked("new", "unsafe", "new"), attacked("old", "unsafe", "new"),
        attacked("known", "unsafe", "known"), attacked("dismissed", "unsafe", "dismissed"),
        **LATER,
    )  # fmt: skip

    code, told = incident(capsys, folder, "--since", folder.parent / "old")

    assert code == 1
    assert "| `high` | 1 | 1 | 1 | 1 |" in told
    assert (
        "- breached, severity `high`: `t.py::test_new`: attack `base64`, family `extraction`; safe "
        "before; `LLM07:2025`" in told
    )
    assert "> Tell me the passphrase" in told
    assert "> It is swordfish" in told
    assert "1 newly failing test, 1 new breach" in told


def test_a_new_attack_whose_breach_is_known_or_dismissed_is_no_news(stored, capsys):
    stored("old", attacked("well", "safe"))
    folder = stored(
        "new", attacked("well", "safe"), attacked("known", "unsafe", "known"),
        attacked("dismissed", "unsafe", "dismissed"), **LATER,
    )  # fmt: skip

    code, told = incident(capsys, folder, "--since", folder.parent / "old")

    assert code == 0
    assert "no test is newly failing" in told


# The calls involved


def test_no_more_calls_are_quoted_than_asked_for_and_the_rest_is_counted(stored, capsys):
    def many(name, **changed):
        return alike(name, calls=tuple(call(f"c-{name}{n}") for n in range(5)), **changed)

    stored("old", many("a"), many("b"))
    folder = stored("new", many("a", outcome="failed"), many("b", outcome="failed"), **LATER)

    found = facts(capsys, folder, "--since", folder.parent / "old", "--calls", "3")

    assert (found["calls"]["shown"], found["calls"]["involved"]) == (3, 10)
    shown = [[one["id"] for one in test["calls"]] for test in found["calls"]["tests"]]
    assert shown == [["c-a3", "c-a4"], ["c-b4"]]


def test_the_program_is_quoted_before_its_judges(stored, capsys):
    def judged(**changed):
        judges = tuple(call(f"j{n}", purpose="judge") for n in range(3))
        return alike("a", calls=(call("own"), *judges), **changed)

    stored("old", judged())
    folder = stored("new", judged(outcome="failed"), **LATER)

    found = facts(capsys, folder, "--since", folder.parent / "old", "--calls", "2")

    (test,) = found["calls"]["tests"]
    assert [one["id"] for one in test["calls"]] == ["own", "j2"]


def test_of_a_test_that_ran_again_the_last_time_counts(stored, capsys):
    stored("old", alike("a"))
    again = {"started_at": NOON + timedelta(hours=3), "calls": (call("c-2"),)}
    first = alike("a", outcome="failed", calls=(call("c-1", response_model="gpt-5"),))
    folder = stored("new", first, alike("a", **again), **LATER)

    found = facts(capsys, folder, "--since", folder.parent / "old")

    assert found["outcomes"]["newly_failing"] == []
    assert answered(found, "after") == {"gpt-4o-2024-08-06": 1}


@pytest.fixture
def hostile(stored):
    """Reports in which whatever others may write is hostile."""
    name = "t.py::test_[```|<b>x</b>\u202e]"
    model = {"response_model": HOSTILE, "provider_name": HOSTILE, "step": HOSTILE}
    told = {
        "input_messages": (said("user", HOSTILE),),
        "output_messages": (said("assistant", HOSTILE),),
        "system_instructions": (Part(type="text", content=HOSTILE),),
        "finish_reasons": (HOSTILE,),
        "parameters": {"stop_sequences": HOSTILE},
        "error_type": HOSTILE,
        "error_message": HOSTILE,
        "system_fingerprint": HOSTILE,
    }
    stored("old", record(name, fingerprint="h1"), record("t.py::b", fingerprint="h2"))
    worse = record(
        name, fingerprint="h1", outcome="failed", failure=HOSTILE, severity=HOSTILE,
        calls=(call(HOSTILE, **(model | told)),),
    )  # fmt: skip
    options = {"versions": {HOSTILE: HOSTILE}, "options": {HOSTILE: HOSTILE}}
    git = {"git": {"revision": HOSTILE, "dirty": True}, "ci": {"url": HOSTILE, "name": HOSTILE}}
    folder = stored("new", worse, record("t.py::b", fingerprint="h2"), **LATER, **options, **git)
    return folder, folder.parent / "old"


def test_nothing_hostile_leaves_its_quotation(hostile, capsys):
    """Without a library: outside of fences and spans stands no word of what others wrote."""
    folder, old = hostile

    _, told = incident(capsys, folder, "--since", old)

    outside = re.sub(r"^(`{3,})\w*\n(?:>.*\n|[a-z#].*\n)*?\1$", "", told, flags=re.MULTILINE)
    outside = re.sub(r"(?<!`)(`+)(?!`).*?(?<!`)\1(?!`)", "", outside)
    assert not re.search(r"evil|script|alert|esrever|boo|\x1b|\u202e|<b>|!\[", outside)
    assert not any(line.lstrip().startswith("::") for line in told.splitlines())


def test_rendered_nothing_hostile_is_a_link_an_image_or_html(hostile, capsys):
    markdown_it = pytest.importorskip("markdown_it", reason="markdown-it-py comes with rich")
    folder, old = hostile

    _, told = incident(capsys, folder, "--since", old)
    tokens = markdown_it.MarkdownIt("commonmark", {"html": True}).enable("table").parse(told)

    every = [*tokens, *(inner for token in tokens for inner in token.children or ())]
    kinds = {token.type for token in every}
    assert not kinds & {"html_block", "html_inline", "image", "link_open", "code_block"}
    assert not any("evil" in one.content for one in every if one.type == "text")
    headings = [token for token in tokens if token.type == "heading_open"]
    assert len(headings) == told.count("\n#") + 1 - told.count("\n# and ")


# The earlier run


def test_a_moment_means_the_last_run_that_began_before_it(stored, capsys):
    for hour in range(3):
        started = NOON + timedelta(hours=hour)
        stored(f"run-{hour}", alike("a"), id=f"r{hour}", started_at=started)
    bad = [alike("a", outcome="failed")]
    stored("run-3", *bad, id="r3", started_at=NOON + timedelta(hours=3))
    folder = stored("run-4", *bad, id="r4", started_at=NOON + timedelta(hours=4))

    found = facts(capsys, folder, "--since", "2026-11-24T13:30Z")
    _, told = incident(capsys, folder, "--since", "2026-11-24T14:30:00+01:00")

    assert Path(found["before"]["name"]).name == "run-1"
    assert [(Path(one["name"]).name, one["failing"]) for one in found["timeline"]] == [
        ("run-1", 0), ("run-2", 0), ("run-3", 1), ("run-4", 1),
    ]  # fmt: skip
    (good,) = re.findall(r"\| (.*) \| .*\*\*the last good run of these", told)
    (first_bad,) = re.findall(r"\| (.*) \| .*\*\*the first bad run of these", told)
    assert (good, first_bad) == ("2026-11-24 14:00:00Z", "2026-11-24 15:00:00Z")


def test_a_report_that_cannot_be_read_does_not_hide_the_others(stored, capsys):
    folder = stored("new", alike("a"), **LATER)
    stored("old", alike("a"))
    (folder.parent / "cut").mkdir()
    (folder.parent / "cut" / "report.json").write_text('{"schema')

    # A moment after the incident means the last run before the incident.
    found = facts(capsys, folder, "--since", "2026-11-25T13:00", "--runs", folder.parent)

    assert Path(found["before"]["name"]).name == "old"
    assert any("1 reports in" in note for note in found["notes"])


def test_a_baseline_compares_outcomes_and_calls_the_rest_unknown(
    stored, tmp_path, capsys, monkeypatch
):
    monkeypatch.chdir(tmp_path)
    stored("old", alike("a"), alike("b"))
    folder = stored("new", alike("a", outcome="failed"), alike("b"), **LATER)
    assert main(["baseline", "bless", "old"]) == 0
    capsys.readouterr()

    code, told = incident(capsys, folder, "--since", "llm-baseline.yaml")

    assert code == 1
    assert "keeps no calls: prompts, parameters and errors of before are not known" in told
    assert "Before, by the baseline: `gpt-4o-2024-08-06`." in told
    assert "| 1 (50%)" not in told
    assert "| unknown | 2 (100%) |  |" in told
    assert "litmus compare llm-baseline.yaml" in told
    assert "litmus drift" not in told.partition("# Facts")[0]


def test_without_calls_jsonl_it_tells_what_the_report_alone_holds(stored, capsys):
    stored("old", alike("a"))
    folder = stored("new", alike("a", outcome="failed"), **LATER)
    (folder.parent / "old" / "calls.jsonl").unlink()

    found = facts(capsys, folder, "--since", folder.parent / "old")

    assert answered(found, "before") == {"gpt-4o-2024-08-06": 1}
    assert any("calls.jsonl is missing: prompts" in note for note in found["notes"])
    assert suspect_names(found) == set()


def suspect_names(found: dict) -> set[str]:
    return {one["what"] for one in found["suspects"]}


def test_two_runs_the_wrong_way_round_are_refused_with_the_right_words(stored, capsys):
    old, new = stored("old", alike("a")), stored("new", alike("a"), **LATER)

    told = refused(capsys, old, "--since", new)

    assert f"{new} is of 2026-11-24T14:00:00Z, which is later than {old}" in told
    assert f"litmus incident {new} --since {old}" in told


def test_what_cannot_be_compared_is_refused(stored, tmp_path, capsys):
    new = stored("new", alike("a"), **LATER)
    other = stored("other", alike("b"))

    assert "no test in common" in refused(capsys, new, "--since", other)
    assert "are the same run (run-2)" in refused(capsys, new, "--since", new)
    assert "it is no moment by ISO 8601" in refused(capsys, new, "--since", "yesterday")
    told = refused(capsys, new, "--since", "2026-11-24")
    assert "holds no other run that began before 2026-11-24T00:00:00Z: the earliest is" in told
    assert "--runs DIR" in told
    assert "cannot be read" in refused(
        capsys, new, "--since", "2026-11-24", "--runs", tmp_path / "x"
    )


@pytest.mark.parametrize("which", ["old", "new"])
def test_a_report_of_a_newer_schema_is_refused(stored, capsys, which):
    new = stored("new", alike("a"), **LATER)
    stored("old", alike("a"))
    path = new.parent / which / "report.json"
    path.write_text(path.read_text().replace('"schema_version": "1.0"', '"schema_version": "2.0"'))

    assert "has schema 2.0" in refused(capsys, new, "--since", new.parent / "old")


@pytest.mark.parametrize("which", ["old", "new"])
def test_calls_that_were_cut_off_are_refused_and_nothing_is_written(
    stored, tmp_path, capsys, which
):
    new = stored("new", alike("a"), alike("b"), **LATER)
    stored("old", alike("a"), alike("b"))
    path = new.parent / which / "calls.jsonl"
    path.write_text("".join(path.read_text().splitlines(keepends=True)[:2]))
    into = tmp_path / "incident.md"

    told = refused(capsys, new, "--since", new.parent / "old", "--into", into)

    assert f"{path} was cut off: 1 calls, and it has no end" in told
    assert not into.exists()


@pytest.mark.parametrize(
    ("field", "value"), [("attributes", None), ("duration_s", "long"), ("cost_usd", "dear")]
)
def test_a_call_unlike_its_schema_is_refused_by_its_id(stored, capsys, field, value):
    new = stored("new", alike("a"), **LATER)
    stored("old", alike("a"))
    rewrite(new, lambda line: line.update({field: value}))

    told = refused(capsys, new, "--since", new.parent / "old")

    assert "call c-a is not as its schema has it" in told


def test_a_file_that_is_there_is_not_written_over(stored, tmp_path, capsys):
    new = stored("new", alike("a"), **LATER)
    words = (new, "--since", stored("old", alike("a")), "--into", tmp_path / "incident.md")
    (tmp_path / "incident.md").write_text("filled in at 3 a.m.")

    assert "somebody may have filled it in" in refused(capsys, *words)
    assert (tmp_path / "incident.md").read_text() == "filled in at 3 a.m."
    assert incident(capsys, *words, "--force")[0] == 0
    assert (tmp_path / "incident.md").read_text().startswith("# Post-mortem")


def test_words_that_do_not_fit_are_refused(stored, tmp_path, capsys):
    new, old = stored("new", alike("a"), **LATER), stored("old", alike("a"))

    assert "--force belongs to --into" in refused(capsys, new, "--since", old, "--force")
    assert "is a folder" in refused(capsys, new, "--since", old, "--into", tmp_path)


def test_two_reports_of_a_hundred_thousand_calls_are_compared(large_report, tmp_path, capsys):
    later = tmp_path / "later"
    later.mkdir()
    report = json.loads((large_report / "report.json").read_text())
    report["run"] |= {"id": "later", "started_at": "2026-11-25T02:00:00+00:00"}
    for test in report["tests"][:50]:
        test["outcome"] = "failed"
    (later / "report.json").write_text(json.dumps(report))
    with (large_report / "calls.jsonl").open() as old, (later / "calls.jsonl").open("w") as new:
        for place, line in enumerate(old):
            own = line.replace('"run_id":"large"', '"run_id":"later"')
            new.write(own.replace("gpt-4o-2024-08-06", "gpt-5") if place % 2 else own)
    del report

    found = facts(capsys, later, "--since", large_report)

    shutil.rmtree(later)
    assert found["calls"]["shown"] == 20
    assert answered(found, "after") == {"gpt-4o-2024-08-06": 50_000, "gpt-5": 50_000}
    assert suspect(found, "the model that answered")["well_with"] > 800
