"""Post-mortem: an incident as Markdown, its facts filled in and the rest for people to fill in.

The headings are those of Google's Site Reliability Engineering (2016), chapter 15 and appendix D,
https://sre.google/sre-book/example-postmortem/. It asks what happened and why, never who.
"""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

from pytest_litmus.incident.escaping import code, fenced, line_of
from pytest_litmus.incident.facts import (
    fact_sections,
    moment_told,
    suspect_lines,
    test_list,
    worst_severity,
)
from pytest_litmus.report.plain import counted

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pytest_litmus.incident.gathering import Incident, Moment

_COMMANDS_TESTS = 20
"""Node ids on the command line that runs them again."""
_SUSPECTS = 6
_GOOD, _BAD = "**the last good run of these**", "**the first bad run of these**"
_RUNS = 20
"""Of the runs between, those that are told: the latest."""


def postmortem(incident: Incident) -> str:
    """The document."""
    parts = [
        _title(incident),
        *_summary(incident),
        *_impact(incident),
        *_suspects(incident),
        *_to_think_of(),
        *_timeline(incident),
        *_actions(incident),
        *_reproduce(incident),
        *fact_sections(incident),
    ]
    return "\n\n".join(parts) + "\n"


def _todo(text: str) -> str:
    return f"*To fill in: {text}*"


def _title(incident: Incident) -> str:
    before, after = incident.before, incident.after
    return (
        f"# Post-mortem: {headline(incident)}\n\n"
        f"Run {code(after.run['id'])} of {moment_told(after.started_at)} ({code(after.name)}), "
        f"compared with {code(before.name)} of {moment_told(before.started_at)}. Status: draft. "
        "Figures and quotations are from the two reports. Nothing here names a cause until "
        "somebody has written it down."
    )


def headline(incident: Incident) -> str:
    """What is worse, in one line."""
    came = incident.outcomes
    told = (
        (came.newly_failing, "newly failing test", "newly failing tests"),
        (came.broke_down, "test that broke down", "tests that broke down"),
        (came.failing_added, "failing new test", "failing new tests"),
        (came.new_breaches, "new breach", "new breaches"),
        (came.lost, "lost test", "lost tests"),
    )
    named = [
        f"{len(tests):,} {one if len(tests) == 1 else many}" for tests, one, many in told if tests
    ]
    return ", ".join(named) or "no test is newly failing"


def _summary(incident: Incident) -> Iterator[str]:
    came = incident.outcomes
    yield "## Summary"
    compared = incident.comparison
    counts = (
        f"{len(compared.compared):,} tests compared, {len(compared.changed):,} changed and not "
        f"comparable, {len(compared.unknown):,} without a fingerprint"
    )
    rows = (
        f"{headline(incident)}; {counted(len(came.well), 'test')} passed before and pass now",
        f"{len(came.still_failing):,} fail as before, {len(came.mended):,} are mended",
        f"the comparison of both runs says **{compared.outcome}** ({counts})",
    )
    yield "\n".join(f"- {row}" for row in rows)
    yield _todo("what happened, in two sentences that somebody outside of the team understands.")


def _impact(incident: Incident) -> Iterator[str]:
    came = incident.outcomes
    yield "## Impact"
    yield from test_list("Newly failing", came.newly_failing)
    yield from test_list("Broke down: no result any more", came.broke_down)
    yield from test_list("Fail, and are new in this run", came.failing_added)
    if not (came.suffering or came.failing_added):
        yield "No test fails that did not fail before."
    yield _todo("who was affected, from when to when, and what it did to them.")


def _suspects(incident: Incident) -> Iterator[str]:
    yield "## What changed at the same time"
    if not incident.outcomes.suffering:
        yield "No test fails newly, so that no change can be counted against it."
        return
    told = [one for one in incident.suspects if one.failing_with]
    if told:
        yield (
            "Ranked by how much oftener failing tests have the change than those that pass as "
            "before. That is no proof of a cause: what changes together cannot be told apart here."
        )
        yield "\n".join(
            line
            for place, one in enumerate(told[:_SUSPECTS], 1)
            for line in suspect_lines(place, one)
        )
        if len(told) > _SUSPECTS:
            yield f"And {len(told) - _SUSPECTS} more, in `--json`."
    else:
        yield "In no failing test anything changed that the reports hold."
    yield from _for_all_tests(incident)


def _for_all_tests(incident: Incident) -> Iterator[str]:
    told = []
    if incident.commits and incident.commits.count:
        told.append(f"{counted(incident.commits.count, 'commit')} (below)")
    if incident.settings:
        names = ", ".join(code(one.name) for one in incident.settings)
        told.append(f"settings of the run: {names}")
    if told:
        yield f"Changed for all tests alike, so that tests say nothing of it: {'; '.join(told)}."
    innocent = [one.what for one in incident.suspects if not one.failing_with]
    if innocent:
        yield f"Changed in tests that pass as before alone: {', '.join(innocent)}."


def _to_think_of() -> Iterator[str]:
    for title, text in (
        ("Root causes", "what made it possible, in the system and not in a person."),
        ("Trigger", "what set it off, with the evidence; see what changed, above."),
        ("Detection", "how and when it was noticed, and what should have noticed it earlier."),
        ("Resolution", "what ended it, and how that was seen."),
    ):
        yield f"## {title}"
        yield _todo(text)
    yield "## Lessons learned"
    for title in ("What went well", "What went badly", "Where we got lucky"):
        yield f"### {title}"
        yield "- "


def _timeline(incident: Incident) -> Iterator[str]:
    yield "## Timeline"
    yield "All times are UTC."
    rows = ["| When | What |", "|---|---|"]
    moments = incident.moments
    bad = next((n for n, one in enumerate(moments) if n and one.failing), None)
    good = max((n for n, one in enumerate(moments[:bad]) if one.failing == 0), default=0)
    marks = {} if bad is None else {good: f"; {_GOOD}", bad: f"; {_BAD}"}
    left_out = 0
    for place, one in enumerate(moments):
        if place and place not in marks and place < len(moments) - _RUNS:
            left_out += 1
            continue
        rows.append(f"| {moment_told(one.at)} | {_run_told(one)}{marks.get(place, '')} |")
    if left_out:
        rows.append(f"| | {counted(left_out, 'run')} in between, left out |")
    rows.append("| *to fill in* | *noticed* |")
    rows.append("| *to fill in* | *ended* |")
    yield "\n".join(rows)
    yield from _commit_lines(incident)


def _run_told(one: Moment) -> str:
    told = f"run {code(one.name)}" + (f" of {code(one.revision[:12])}" if one.revision else "")
    if one.failing is not None:
        return told + (f": {one.failing} of {one.of} newly failing tests fail" if one.of else "")
    return f"{told}: ran none of the newly failing tests"


def _commit_lines(incident: Incident) -> Iterator[str]:
    commits = incident.commits
    old, new = incident.before.revision, incident.after.revision
    if not old or not new:
        yield "Commits between: a run does not tell its git revision."
    elif old == new:
        yield f"Both runs are of commit {code(new[:12])}: no commit lies between."
    elif commits is None:
        told = code(f"git log --oneline {old}..{new}")
        yield f"Commits between: no repository at hand knows both revisions; where one does: {told}"
    else:
        yield f"{counted(commits.count, 'commit')} between, the newest first:"
    if any((run.run.get("git") or {}).get("dirty") for run in (incident.before, incident.after)):
        yield "Files that git tracks differed from the commit: what in them changed is not known."
    if commits is None or old == new:
        return
    if commits.shown:
        yield "\n".join(
            f"- {_utc(one.at)} {code(one.revision)} {code(one.subject)}" for one in commits.shown
        )
    if commits.count > len(commits.shown):
        yield f"And {commits.count - len(commits.shown):,} more."
    if commits.gone:
        yield f"{counted(commits.gone, 'commit')} of the earlier run are not in this one."


def _utc(text: str) -> str:
    from pytest_litmus.incident.snapshot import moment

    try:
        return moment_told(moment(text))
    except ValueError:
        return moment_told(None)


def _actions(incident: Incident) -> Iterator[str]:
    yield "## Action items"
    rows = ["| Done | Action | Owner | Due |", "|---|---|---|---|"]
    rows += [f"| [ ] | {text} | | |" for text in _action_texts(incident)]
    yield "\n".join(rows)


def _action_texts(incident: Incident) -> Iterator[str]:
    came = incident.outcomes
    failing = (*came.newly_failing, *came.broke_down, *came.failing_added)
    for one in failing[:10]:
        approve = "" if one.severity == "critical" else ", or approve of with a reason"
        yield f"mend{approve}: {code(one.nodeid)}"
    if len(failing) > 10:
        yield f"likewise {len(failing) - 10:,} more tests"
    for breach in came.new_breaches[:10]:
        yield f"mend, or list as known (`litmus baseline bless --reason`): {code(breach.nodeid)}"
    if came.lost:
        yield f"bring back, or drop with `--drop-missing`: {counted(len(came.lost), 'lost test')}"
    if came.still_failing:
        yield f"look after what failed before as well: {counted(len(came.still_failing), 'test')}"
    yield "a test, or a limit in the gate, that would have stopped this"


def _reproduce(incident: Incident) -> Iterator[str]:
    before, after = _word(str(incident.before_path)), _word(incident.after.name)
    yield "## How to reproduce"
    yield (f"From pytest's rootdir. Worst severity of what fails: {worst_severity(incident)}.")
    lines = list(_test_commands(incident))
    lines += [f"litmus compare {before} {after}"]
    lines += [f"litmus drift {after} --baseline {before}"] if incident.before.has_calls else []
    lines += [f"litmus gate {after} --policy gate.toml --baseline {before}"]
    old, new = incident.before.revision, incident.after.revision
    if old and new and old != new:
        lines.append(f"git log --oneline {_word(old)}..{_word(new)}")
    yield fenced(lines, language="sh")


def _test_commands(incident: Incident) -> Iterable[str]:
    names = incident.outcomes.suffering + tuple(
        one.nodeid for one in incident.outcomes.failing_added
    )
    if not names:
        return
    given = incident.after.run["options"]
    chosen = [
        f"--llm-{name}={given[name]}" for name in ("suite", "target", "ab") if given.get(name)
    ]
    words = " ".join(map(_word, (*chosen, *names[:_COMMANDS_TESTS])))
    yield f"pytest {words}"
    yield f"pytest --llm-live --llm-runs 5 {words}"
    if len(names) > _COMMANDS_TESTS:
        yield f"# and {len(names) - _COMMANDS_TESTS:,} more tests"


def _word(text: str) -> str:
    """A word of a command line; what no terminal shows stands as an escape in it."""
    return shlex.quote(line_of(text))
