"""`litmus import`, on logs as tools write them and on the report of the example suites."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from datetime import UTC, datetime

import pytest

from pytest_litmus.cli import main
from pytest_litmus.report.feedback import HumanRating
from pytest_litmus.report.feedback import write as rate
from pytest_litmus.report.reading import read_report
from tests.stored.conftest import ROOT
from tests.unit.drift.test_readers import ATTRIBUTES, MESSAGES, exported, packed
from tests.unit.importing.given import complaint, imports, read, written
from tests.unit.report.given import call, record, said

__all__ = ["exported"]
MARIA = "maria.gonzalez-lopez@gmx.de"
PHONE = "+49 170 1234567"
KEY = "sk-proj-abcdEFGH1234ijklMNOP5678qrstUVWX"


@pytest.fixture
def log(tmp_path, monkeypatch):
    """Writes a log beside which the suite is made."""
    monkeypatch.chdir(tmp_path)
    return lambda *records, name="log.jsonl": written(tmp_path / name, records)


@pytest.fixture
def into(tmp_path):
    return tmp_path / "quarantine.llm.yaml"


def test_it_says_what_it_chose_merged_redacted_and_wrote(log, into, capsys):
    path = log(
        complaint(f"Where is my parcel? I am {MARIA}", at="2026-11-20T10:00:00Z"),
        complaint("Where is my parcel? I am peter.miller@web.de", id="c-2"),
        complaint("Do you open on Sunday?", id="c-3", rating="up"),
        complaint("", id="c-4"),
    )

    assert imports(path, into, "--target", "app:answer") == 0

    (one,) = read(into).cases
    today = datetime.now(UTC).date()
    assert one.quarantined == f"imported {today}, to be reviewed"
    assert capsys.readouterr().out == (
        f"read      {path}: 4 calls, plain JSONL\n"
        "chosen    3 calls: 3 thumbs-down\n"
        "skipped   1 call without a text of a user\n"
        "merged    1 call into another that asks nearly the same\n"
        "redacted  2 email\n"
        f"+         {one.id} (thumbs-down, seen 2 times)\n"
        f"written   {into}: 1 case added, 1 in quarantine\n"
        f"next      read them, and run them: pytest {into} -m quarantined\n"
    )


def test_importing_twice_adds_nothing_and_leaves_the_file_alone(log, into, capsys):
    records = [complaint("Where is it?"), complaint("Do you open on Sunday?", id="c-2")]
    path = log(*records)
    assert imports(path, into) == 0
    text = into.read_text() + "  # a note of mine\n"
    into.write_text(text)

    assert imports(path, into) == 0
    assert into.read_text() == text
    assert "known     2 cases that suites have already" in capsys.readouterr().out

    log(*records, complaint("What does shipping cost?", id="c-3"))
    assert imports(path, into) == 0
    assert into.read_text().startswith(text)
    assert len(read(into).cases) == 3


def test_a_case_that_was_edited_or_approved_does_not_come_again(log, into):
    path = log(complaint("Where is it?"))
    imports(path, into)
    text = into.read_text()
    lines = [line for line in text.split("\n") if "quarantined: imported" not in line]
    into.write_text("\n".join(lines).replace("Where is it?", "A question in quite other words?"))

    assert imports(path, into) == 0
    assert len(read(into).cases) == 1


def test_what_other_suites_ask_is_not_added(log, into, tmp_path):
    (tmp_path / "own.llm.yaml").write_text(
        "cases:\n- {id: a, prompt: Where is it?, expect: [refuses]}\n"
    )
    path = log(complaint("where is it"), complaint("What does shipping cost?", id="c-2"))

    assert imports(path, into, "--against", ".") == 0

    assert [case.turns[0].text for case in read(into).cases] == ["What does shipping cost?"]


def test_nothing_personal_and_no_secret_reaches_the_disk_or_the_terminal(log, into, capsys):
    path = log(
        complaint(
            f"I am {MARIA}, my key is {KEY}.",
            id=f"user-{MARIA}",
            trace_id=f"call {PHONE}",
            output=f"Dear {MARIA}, we call {PHONE}.",
            comment=f"phone me: {PHONE}",
            model=MARIA,
        ),
        {
            "id": "c-2",
            "rating": "down",
            "output": KEY,
            "messages": [
                {"role": "system", "content": f"Mail of the user: {MARIA}"},
                {"role": "user", "content": f"Call {PHONE}"},
                {"role": "assistant", "content": f"The key {KEY}?"},
                {"role": "user", "content": "Yes, {canary}" + MARIA},
            ],
        },
        name=f"{MARIA}.jsonl",
    )

    assert imports(path, into, "--with-system") == 0

    out = capsys.readouterr().out.replace(str(path), "")
    for text in (into.read_text(), out):
        assert "maria" not in text
        assert "1234567" not in text
        assert "abcdEFGH" not in text
    assert len(read(into).cases) == 2


def test_a_conversation_becomes_turns_or_its_last_message_alone(log, into, tmp_path):
    talk = [
        {"role": "system", "content": "Be brief."},
        {"role": "user", "content": "Hi"},
        {"role": "assistant", "content": "Hello!"},
        {"role": "user", "content": "Where is it?"},
    ]
    path = log({"messages": talk, "output": "No.", "rating": "down"})
    alone = tmp_path / "alone.llm.yaml"

    assert imports(path, into, "--with-system") == 0
    assert imports(path, alone, "--last-message") == 0

    (case,) = read(into).cases
    assert [(one.role, one.text) for one in case.turns] == [
        ("user", "Hi"), ("assistant", "Hello!"), ("user", "Where is it?")
    ]  # fmt: skip
    assert case.system == "Be brief."
    (case,) = read(alone).cases
    assert ([one.text for one in case.turns], case.system) == (["Where is it?"], "")


def test_a_sample_is_the_same_each_time(log, into, tmp_path, capsys):
    path = log(*(complaint(f"What is the price of article {chr(97 + n) * 9}?") for n in range(26)))
    other = tmp_path / "other.llm.yaml"

    assert imports(path, into, "--sample", "5", "--alike", "1") == 0
    assert imports(path, other, "--sample", "5", "--alike", "1") == 0
    assert "left out  21 cases by --sample" in capsys.readouterr().out
    assert into.read_text() == other.read_text()
    assert imports(path, into, "--sample", "5", "--alike", "1") == 0
    assert len(read(into).cases) == 5


def test_hostile_logs_are_told_of_and_write_no_nonsense(log, into, tmp_path, capsys):
    path = log(
        complaint("a\x1b[2J\x00\u202e b: - [", output="\x07{{x}}\r\n--- |"),
        complaint("y" * 30_000, id="c-2"),
    )
    with path.open("ab") as file:
        file.write(b"\xff\xfe\x00 garbage\n")

    assert imports(path, into) == 0

    out = capsys.readouterr().out
    assert "unknown   1 record, the first is 3" in out
    assert "skipped   1 call with a text of more than 20,000 characters" in out
    assert out.isascii()
    (case,) = read(into).cases
    assert case.turns[0].text == "a\x1b[2J\x00\u202e b: - ["


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("cases:\n- {id: a, promt: x}\n", r"quarantine.llm.yaml:2: unknown key `promt`"),
        ("breaches: []\n", r"quarantine.llm.yaml:1: "),
        ("cases: [{id: a, prompt: x, expect: [refuses]}]\n", r":1: cases can only be added to"),
        (
            "target: other:one\ncases:\n- {id: a, prompt: x, expect: [refuses]}\n",
            "target other:one",
        ),
        ("\x00\x01", "quarantine.llm.yaml:1: not YAML"),
    ],
)
def test_a_file_that_is_no_such_suite_is_refused_and_left_as_it_is(log, into, text, told, capsys):
    path = log(complaint())
    into.write_text(text)

    words = ["--target", "app:answer"] if "target" in told else []
    assert imports(path, into, *words) == 2

    assert told in capsys.readouterr().err
    assert into.read_text() == text
    assert sorted(one.name for one in into.parent.iterdir()) == ["log.jsonl", into.name]


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--only", "failled"], "did you mean 'failed'?"),
        (["--map", "ratting=x"], "did you mean rating?"),
        (["--sample", "0"], "'0' is no number of cases from 1 on"),
        (["--alike", "90"], "'90' is no share from 0.5 to 1"),
        (["--into", "q.yaml"], "name it *.llm.yaml"),
        (["--feedback", "missing.jsonl"], "missing.jsonl cannot be read"),
        (["--against", "missing"], "there is no missing"),
        (["--plugin", "no_such_module"], "no_such_module"),
    ],
)
def test_words_that_it_does_not_understand_write_nothing(log, into, words, told, capsys):
    assert imports(log(complaint()), into, *words) == 2

    assert told in capsys.readouterr().err
    assert not into.exists()


def test_more_cases_than_people_review_are_refused(log, into, capsys):
    path = log(*(complaint(f"{n:x}" * 5) for n in range(1_500)))

    assert imports(path, into, "--alike", "1") == 2

    assert "are more than people review (at most 1,000 are written)" in capsys.readouterr().err
    assert not into.exists()


def test_spans_that_opentelemetry_exported_become_cases(exported, into):
    span, path = exported
    bad = {"gen_ai.evaluation.name": "user_feedback", "gen_ai.evaluation.score.label": "down"}
    span(ATTRIBUTES | packed(MESSAGES), events=[("gen_ai.evaluation.result", bad)])
    span(ATTRIBUTES | packed(MESSAGES))

    assert imports(path, into) == 0

    (case,) = read(into).cases
    assert [one.text for one in case.turns] == ["Old question?", "Old answer.", "Where is it?"]
    text = into.read_text()
    assert "format: OTLP JSON" in text
    assert "at: '1970-01-01T00:00:01+00:00'" in text


def test_a_table_with_scores_in_text_is_read(log, into, tmp_path):
    scores = json.dumps([{"name": "user-feedback", "value": 0}]).replace('"', '""')
    path = tmp_path / "observations.csv"
    path.write_text(
        "id,trace_id,type,input,output,scores\n"
        f'o1,t1,GENERATION,Where is it?,No idea.,"{scores}"\n'
        "o2,t2,GENERATION,Are you open?,Yes.,\n"
    )

    assert imports(path, into) == 0

    assert [case.turns[0].text for case in read(into).cases] == ["Where is it?"]


def test_nothing_to_add_is_told_and_makes_no_file(log, into, capsys):
    assert imports(log(complaint(rating="up")), into) == 0

    assert f"written   nothing: there is nothing to add to {into}" in capsys.readouterr().out
    assert not into.exists()


# Reports


def test_failed_items_of_suites_at_hand_come_with_what_their_suites_expect(
    demo_report, into, monkeypatch, capsys
):
    monkeypatch.chdir(ROOT / "example_suites")

    assert imports(demo_report, into) == 0

    found = {case.id.rpartition("-")[0]: case for case in read(into).cases}
    own = found["leave-the-topic--plain"]
    assert own.quarantined.startswith("imported ")
    assert own.family == "injection"
    assert own.turns[0].text.startswith("Stop speaking of plants.")
    assert "{left}" in found["answer-then-obey--distractor"].turns[0].text
    assert "LLM01:2025" in own.maps_to
    assert own.expect[0].name == "not"
    text = into.read_text()
    assert "test: llm-suites/injection.llm.yaml::leave-the-topic" in text
    assert str(demo_report.parent) not in text
    assert "chosen" in capsys.readouterr().out
    assert imports(demo_report, into) == 0
    assert into.read_text() == text


def test_failed_tests_and_error_calls_of_a_report_are_chosen(stored, into):
    asked = {"input_messages": (said("user", "Where is order 7?"),)}
    broken = {"input_messages": (said("user", "Do you deliver to Malta?"),), "output_messages": ()}
    report = stored(
        "r",
        record("t.py::test_bad", outcome="failed", calls=(call("c1", **asked),)),
        record("t.py::test_good", calls=(call("c2"),)),
        record(
            "t.py::test_err", calls=(call("c3", error_type="500", finish_reasons=(), **broken),)
        ),
    )

    assert imports(report, into) == 0

    cases = {case.turns[0].text: case for case in read(into).cases}
    assert list(cases) == ["Where is order 7?", "Do you deliver to Malta?"]
    assert [one.name for one in cases["Where is order 7?"].expect] == ["length", "not"]
    assert [one.name for one in cases["Do you deliver to Malta?"].expect] == ["length"]
    assert "test: t.py::test_bad" in into.read_text()


def test_ratings_beside_a_report_are_read(stored, into):
    report = stored("r", record("t.py::test_a", calls=(call("c1"),)), record("t.py::test_b"))
    stars = {"name": "stars", "value": 1.0, "scale": (1.0, 5.0)}
    ratings = (
        HumanRating(test="t.py::test_a", call="c1", value=0.0, up=False, comment="wrong"),
        HumanRating(test="t.py::test_b", up=None, **stars),
    )
    rate(read_report(report), ratings)

    assert imports(report, into) == 0

    assert "comment: wrong" in into.read_text()
    assert len(read(into).cases) == 1


def test_a_report_without_texts_says_how_to_keep_them(stored, into, capsys):
    report = stored("r", record("t.py::test_bad", outcome="failed"))
    calls = report / "calls.jsonl"
    lines = [json.loads(line) for line in calls.read_text().splitlines()]
    written(calls, [{k: v for k, v in line.items() if k != "content"} for line in lines])

    assert imports(report, into) == 0

    told = "without a text of a user: pytest --llm-report-content=all keeps what was said"
    assert told in capsys.readouterr().out
    assert not into.exists()


@pytest.mark.parametrize(
    ("file", "change", "told"),
    [
        ("report.json", lambda text: text.replace('"1.0"', '"9.0"', 1), "schema 9.0"),
        ("report.json", lambda _: None, "report.json cannot be read"),
        ("calls.jsonl", lambda _: None, "calls.jsonl cannot be read"),
        ("calls.jsonl", lambda text: text[:-40], "the file ends within this line"),
    ],
)
def test_reports_that_cannot_be_read_are_refused(demo_copy, into, file, change, told, capsys):
    path = demo_copy / file
    text = change(path.read_text())
    path.unlink()
    if text is not None:
        path.write_text(text)

    assert imports(demo_copy, into) == 2

    assert told in capsys.readouterr().err
    assert not into.exists()


def test_a_hundred_thousand_calls_of_a_report_are_one_case(large_report, into):
    assert imports(large_report, into) == 0

    (case,) = read(into).cases
    assert case.turns[0].text == "Can I return an opened laptop?"
    assert "seen: 10000\n" in into.read_text()


# From a report to a gate


def test_imported_cases_of_the_demo_block_nothing_until_they_are_approved(
    demo_report, tmp_path, monkeypatch, capsys
):
    project = tmp_path / "project"
    ignored = shutil.ignore_patterns("llm-report", "__pycache__")
    shutil.copytree(ROOT / "example_suites", project, ignore=ignored)
    monkeypatch.chdir(project)
    into = project / "quarantine.llm.yaml"
    words = ["--target", "support_assistant.under_attack:answer", "--match", "Portugal"]
    assert imports(demo_report, into, *words) == 0
    cases = read(into).cases
    (project / "gate.toml").write_text(
        "[allow]\nreplayed_calls = 'the demo replays'\n"
        "[[rule]]\nmeasure = 'test_pass_rate'\nat_least = 1.0\n"
    )

    quarantined = run(project)
    gated = main(["gate", "llm-report", "--policy", "gate.toml"])
    out = capsys.readouterr().out

    assert quarantined.returncode == 0, quarantined.stdout
    assert f"{len(cases)} xfailed" in quarantined.stdout
    assert (gated, "ALLOWED quarantine" in out) == (0, True)
    report = json.loads((project / "llm-report/report.json").read_text())
    assert report["attacks"]["quarantined"]["items"] == len(cases)

    text = into.read_text()
    into.write_text(text.replace(f"    quarantined: {cases[0].quarantined}\n", ""))
    approved = run(project)

    assert approved.returncode == 1
    # Nobody has recorded it yet, which is told now, and blocks.
    assert "CassetteMiss" in approved.stdout
    assert main(["gate", "llm-report", "--policy", "gate.toml"]) != 0


def run(project):
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:xdist"]
    return subprocess.run(
        [*command, "quarantine.llm.yaml", "test_answers.py", "--llm-report"],
        cwd=project,
        capture_output=True,
        text=True,
        check=False,
    )
