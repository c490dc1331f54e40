from __future__ import annotations

import builtins
import json
import time

import pytest

from pytest_litmus import cli
from pytest_litmus.drift import fast
from pytest_litmus.drift.comparing import compared, features
from pytest_litmus.drift.logs import open_log
from pytest_litmus.drift.profile import Counts, _counted, profiled
from tests.unit.drift.given import plain, written


@pytest.fixture(scope="module")
def baseline(tmp_path_factory):
    return written(tmp_path_factory.mktemp("drift") / "baseline.jsonl", plain(900))


@pytest.fixture(scope="module")
def before(baseline):
    return profiled(open_log(baseline))


@pytest.fixture
def found(tmp_path, before):
    """The verdicts on the features of a log whose calls have what the test changes."""

    def find(number=900, only=(), **changed):
        path = written(tmp_path / "log.jsonl", plain(number, seed=3, **changed))
        comparison = compared(before, profiled(open_log(path)), only)
        return {one.name: one.verdict for one in comparison.found}

    return find


def drifted(verdicts):
    return {name for name, verdict in verdicts.items() if verdict == "drift"}


def test_calls_made_in_the_same_way_have_not_drifted(found):
    verdicts = found()

    assert set(verdicts.values()) == {"no drift"}
    assert set(features()) - set(verdicts) == {"fingerprint", "tools"}


GERMAN = "Das k\N{LATIN SMALL LETTER O WITH DIAERESIS}nnen Sie leider nicht mehr bei uns abgeben."
REFUSAL = "I'm sorry, but I can't help with that request."


@pytest.mark.parametrize(
    ("feature", "changed"),
    [
        ("model", {"model": "gpt-4o-2024-11-20"}),
        ("input language", {"input": "Wo ist denn mein Paket, das gestern kommen sollte?"}),
        ("input topics", {"input": "tell a joke about physics and planets now"}),
        ("output language", {"output": lambda r: GERMAN if r.random() < 0.3 else "It is kept."}),
        ("output length", {"output": "you can return it"}),
        ("sentiment", {"output": "what a wonderful, great and lovely day, thank you"}),
        ("refusals", {"output": lambda r: REFUSAL if r.random() < 0.2 else "it is kept here"}),
        ("toxic words", {"output": lambda r: "this is bullshit" if r.random() < 0.2 else "fine"}),
        ("finish reasons", {"finish_reason": lambda r: r.choice(["stop", "content_filter"])}),
        ("truncated answers", {"finish_reason": lambda r: r.choice(["stop", "length"])}),
        ("latency", {"latency_s": lambda r: r.lognormvariate(0.7, 0.5)}),
        ("input tokens", {"input_tokens": lambda r: r.randint(150, 300)}),
        ("output tokens", {"output_tokens": lambda r: r.randint(50, 90)}),
        ("errors", {"error": lambda r: "timeout" if r.random() < 0.1 else None}),
        ("empty answers", {"output": lambda r: " " if r.random() < 0.1 else f"kept {r.random()}"}),
        ("duplicates", {"input": "a", "output": lambda r: f"kept {r.randint(1, 300)}"}),
        ("missing input tokens", {"input_tokens": lambda r: r.choice([None, 100])}),
        ("outliers of latency", {"latency_s": lambda r: 90.0 if r.random() < 0.1 else 1.0}),
    ],
)
def test_what_has_changed_has_drifted(found, feature, changed):
    assert feature in drifted(found(only=[feature], **changed))


def test_tools_and_fingerprints_are_compared_where_both_sides_tell_them(tmp_path):
    def side(name, seed, **changed):
        return profiled(open_log(written(tmp_path / name, plain(600, seed=seed, **changed))))

    before = side("a", 1, system_fingerprint="fp_1", tools=lambda r: r.choice([["track"], []]))
    after = side("b", 2, system_fingerprint="fp_2", tools=["refund"])

    verdicts = {one.name: one for one in compared(before, after).found}
    assert verdicts["fingerprint"].verdict == "drift"
    assert verdicts["fingerprint"].measures["new"] == ["fp_2"]
    assert verdicts["tools"].verdict == "drift"


def test_few_calls_are_inconclusive(found):
    verdicts = found(number=30)

    assert drifted(verdicts) == set()
    assert verdicts["latency"] == verdicts["errors"] == verdicts["model"] == "inconclusive"


def mixed(random):
    return random.choice(["timeout", None, "", {"type": "timeout"}])


@pytest.fixture
def many(tmp_path):
    return written(
        tmp_path / "many.jsonl",
        plain(
            3000,
            error=mixed,
            output=lambda r: r.choice(["", "\n", None, "kept", f"{r.random()}", '{"a": 1}']),
            finish_reason=lambda r: r.choice(["stop", ["length"], None, ""]),
            tools=lambda r: r.choice([None, [], ["a"], [{"function": {"name": "b"}}]]),
            usage=lambda r: {"input": r.choice([1, "2", "x", -3, None])},
            model=lambda r: r.choice(["a", "b", "", None]),
            input=lambda r: r.choice(["a", "b", None]),
        ),
    )


def test_duckdb_counts_what_the_standard_library_counts(many):
    pytest.importorskip("duckdb")
    log = open_log(many, {"input_tokens": "usage.input"})
    counts, theirs = Counts(), fast.counted_by_duckdb(log, least_bytes=0)
    calls = list(_counted(log.seen(), counts))

    assert theirs is not None
    assert theirs[0] == counts
    assert theirs[1] == calls
    assert counts.empty
    assert counts.repeated


@pytest.mark.parametrize("line", [b"nonsense\n", b'{"other": 1}\n', b'{"output": "\xff"}\n'])
def test_duckdb_leaves_files_that_it_would_count_otherwise(many, line):
    pytest.importorskip("duckdb")
    many.write_bytes(many.read_bytes() + line)

    assert fast.counted_by_duckdb(open_log(many), least_bytes=0) is None
    assert profiled(open_log(many)).counts.calls in (3000, 3001)


def test_nested_messages_are_left_to_the_reader(tmp_path):
    path = written(tmp_path / "log", [{"messages": [{"role": "user", "content": "a"}]}])

    assert fast.counted_by_duckdb(open_log(path), least_bytes=0) is None


def test_all_works_without_duckdb(many, monkeypatch):
    real = builtins.__import__

    def missing(name, *rest):
        if name == "duckdb":
            raise ImportError(name)
        return real(name, *rest)

    monkeypatch.setattr(builtins, "__import__", missing)
    monkeypatch.setattr(fast, "LEAST_BYTES", 0)

    assert profiled(open_log(many)).by == "standard library"


def test_a_hundred_thousand_calls_are_compared_in_a_bounded_time(tmp_path, baseline):
    call = json.dumps(plain(1)[0])
    path = tmp_path / "log.jsonl"
    with path.open("w") as file:
        file.writelines(call.replace('"1-0"', f'"{n}"') + "\n" for n in range(100_000))

    started = time.process_time()
    profile = profiled(open_log(path), fast=False)

    assert profile.counts.calls == 100_000
    assert (len(profile.sample), len(profile.texts)) == (10_000, 1_000)
    assert time.process_time() - started < 20


def run(capsys, *words):
    code = cli.main(["drift", *map(str, words)])
    return code, capsys.readouterr()


def test_the_command_tells_what_drifted_first_and_its_code(tmp_path, baseline, capsys):
    moved = written(tmp_path / "log.jsonl", plain(900, seed=3, model="gpt-4o-mini"))
    code, written_ = run(capsys, moved, "--baseline", baseline)
    lines = written_.out.splitlines()

    assert code == 1
    assert lines[0] == (
        f"baseline  {baseline}: 900 calls, plain JSONL, counted by standard library"
    )
    assert lines[3].split(maxsplit=2)[:2] == ["drift", "model"]
    assert lines[3].endswith(
        "gpt-4o-mini answered 900 calls and none before; gpt-4o-2024-08-06 answers no more"
    )
    assert lines[-3] == "not told by either side: fingerprint, tools"
    assert lines[-1].startswith("drift: 1 drifted, 0 inconclusive, ")


def test_the_codes_are_those_of_the_verdicts(tmp_path, baseline, capsys):
    few = written(tmp_path / "few.jsonl", plain(20, seed=3))
    cut = tmp_path / "cut.jsonl"
    cut.write_text(few.read_text()[:-9])

    only = ["--only", "model", "--only", "latency"]
    assert run(capsys, baseline, "--baseline", baseline, *only)[0] == 0
    assert run(capsys, few, "--baseline", baseline, *only)[0] == 3
    code, told = run(capsys, cut, "--baseline", baseline)
    assert code == 2
    assert told.err == (
        f"litmus drift: error: {cut}:20: the file ends within this line: it was cut off\n"
    )
    assert run(capsys, tmp_path / "none", "--baseline", baseline)[0] == 2


def test_json_has_every_measure(tmp_path, baseline, capsys):
    code, told = run(capsys, baseline, "--baseline", baseline, "--json", "--only", "latency")
    read = json.loads(told.out)

    assert code == 0
    assert read["verdict"] == "no drift"
    assert read["log"]["calls"] == 900
    assert [one["name"] for one in read["features"]] == ["latency"]
    assert read["features"][0]["measures"]["ks"] == 0


def test_a_feature_asked_for_that_nobody_tells_is_inconclusive(baseline, capsys):
    code, told = run(capsys, baseline, "--baseline", baseline, "--only", "tools")

    assert code == 3
    assert "neither side tells it" in told.out


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--only", "latenzy"], "unknown feature 'latenzy'; did you mean latency?"),
        (["--map", "outputs=x"], "unknown field 'outputs'; did you mean output?"),
        (["--map", "output"], "'output' names no key, as in output=KEY"),
    ],
)
def test_a_word_that_nobody_knows_is_told_with_the_one_that_was_meant(
    baseline, capsys, words, told
):
    code, written_ = run(capsys, baseline, "--baseline", baseline, *words)

    assert code == 2
    assert told in written_.err


def test_what_a_log_says_cannot_reach_the_terminal(tmp_path, baseline, capsys):
    hostile = written(tmp_path / "log.jsonl", plain(500, seed=3, model="evil\x1b[2J"))

    _, told = run(capsys, hostile, "--baseline", baseline, "--only", "model")
    assert "\x1b" not in told.out
    assert "evil\\x1b[2J" in told.out
