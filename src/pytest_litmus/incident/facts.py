"""Facts: what the reports say of an incident, section by section, as Markdown."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from pytest_litmus.incident.escaping import code, fenced, line_of, quoted
from pytest_litmus.incident.outcomes import severity_rank
from pytest_litmus.report.plain import (
    counted,
    cut_lines,
    cut_middle,
    dollars,
    duration,
    number,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import datetime

    from pytest_litmus.compare.comparing import Change
    from pytest_litmus.incident.figures import Group, Total
    from pytest_litmus.incident.gathering import Incident
    from pytest_litmus.incident.involved import Involved, Trail
    from pytest_litmus.incident.outcomes import Breach, Failing
    from pytest_litmus.incident.snapshot import Answerer, Snapshot
    from pytest_litmus.incident.suspects import Suspect

_TESTS = 20
"""Tests of a kind that are named."""
_QUOTED_FAILURES = 5
_DIFFS = 6
_BRANCHES = 15
"""Lines of a trace."""
_ROWS = 30
_WHY = {
    "no": "the test itself was changed, so that it is not comparable",
    "unknown": "without a fingerprint: whether the test was changed is not known",
}
_REASONS = {
    "errors": "errors",
    "statuses": "HTTP statuses of errors",
    "finish": "finish reasons",
}
_SHOWN_BELOW = ("the system prompt", "the tool definitions", "what the first call asks")
_SHARED = "every test has it, so that tests cannot tell"


def moment_told(value: datetime | None) -> str:
    """`2026-11-24 02:15:09Z`, or `unknown`."""
    return f"{value:%Y-%m-%d %H:%M:%S}Z" if value else "an unknown time"


def worst_severity(incident: Incident) -> str:
    """The worst severity of what fails newly."""
    came = incident.outcomes
    named = [one.severity for one in (*came.newly_failing, *came.broke_down, *came.failing_added)]
    named += [one.severity for one in came.new_breaches]
    worst = min(named, key=severity_rank, default=None)
    return code(worst) if worst else "nobody said"


def fact_sections(incident: Incident) -> list[str]:
    """All sections of the appendix."""
    return [
        "# Facts",
        *_outcomes(incident),
        *_breaches(incident),
        *_settings(incident),
        *_models(incident),
        *_prompts(incident),
        *_figures(incident, "model", "Latency, errors, cost and tokens by the model asked for"),
        *_figures(incident, "step", "The same by step"),
        *_drift(incident),
        *_calls(incident),
        *_notes(incident),
    ]


def test_list(title: str, tests: Sequence[Failing]) -> Iterator[str]:
    """Failing tests by name, and what the first of them failed with."""
    if not tests:
        return
    yield f"{title} ({len(tests):,}):"
    rows = []
    for one in tests[:_TESTS]:
        told = f"severity {code(one.severity)}" if one.severity else "severity not said"
        told += f"; {one.before} before, {one.after} now" if one.before else f"; {one.after} now"
        told += f"; {_WHY[one.comparable]}" if one.before and one.comparable in _WHY else ""
        rows.append(f"- {code(one.nodeid)}: {told}")
    if len(tests) > _TESTS:
        rows.append(f"- and {len(tests) - _TESTS:,} more, in `--json`")
    yield "\n".join(rows)
    for one in [one for one in tests if one.failure][:_QUOTED_FAILURES]:
        yield f"{code(one.nodeid)} failed with:"
        yield quoted(one.failure or "", longest=800, lines=16)


def suspect_lines(place: int, one: Suspect) -> Iterator[str]:
    """A suspect with what speaks for it, and against it."""
    others = "no test passes as before to compare with"
    if one.well_of:
        others = f"{one.well_with:,} of {one.well_of:,} that pass as before"
    told = f"in {one.failing_with:,} of {counted(one.failing_of, 'failing test')}, and in {others}"
    if not one.well_of:
        told = f"in {one.failing_with:,} of {counted(one.failing_of, 'failing test')}; {others}"
    yield f"{place}. **{one.what}** changed {told}{_chance(one)}"
    if one.calls_of:
        yield (
            f"   - calls of failing tests whose model answered none of that test's calls before: "
            f"{one.calls_with:,} of {one.calls_of:,}"
        )
    for before, after, tests in one.transitions:
        yield f"   - {code(before)} -> {code(after)} in {counted(tests, 'failing test')}"
    if one.further_transitions:
        yield f"   - and {one.further_transitions:,} other changes of it"
    if one.failing_with and one.what in _SHOWN_BELOW:
        yield "   - what changed in it stands under *Prompts and tools*"
    if one.without:
        yield f"   - it does not explain {_some(one.without)}: there it did not change"
    if one.unknown:
        yield f"   - not known in {counted(one.unknown, 'test')}"
    if one.may_be_effect:
        yield "   - it may as well be an effect of what went wrong"


def _chance(one: Suspect) -> str:
    if one.p_value is not None:
        shown = "below 0.001" if one.p_value < 0.001 else f"{one.p_value:.3f}"
        return f" (Fisher's exact test, one-sided and adjusted: p {shown})"
    every = one.well_of and one.well_with == one.well_of and one.failing_with == one.failing_of
    return f" ({_SHARED})" if every else ""


def _some(names: Sequence[str], most: int = 3) -> str:
    more = f" and {len(names) - most:,} more" if len(names) > most else ""
    return ", ".join(code(name) for name in names[:most]) + more


# Outcomes


def _outcomes(incident: Incident) -> Iterator[str]:
    comparison, came = incident.comparison, incident.outcomes
    yield "## Outcomes and scores"
    changes = [*comparison.changes, *comparison.tests]
    if comparison.changes:
        rows = ["| What | Outcome | Numbers |", "|---|---|---|"]
        rows += [_change_row(one) for one in comparison.changes]
        yield "\n".join(rows)
    single = [one for one in comparison.tests if one.outcome in ("regression", "inconclusive")]
    ranked = sorted(single, key=lambda one: (one.outcome != "regression", one.test or ""))
    if ranked:
        yield "\n".join(
            [*map(_single_line, ranked[:_TESTS]), *_more(len(ranked), _TESTS, "test", "compare")]
        )
    if not changes:
        yield "No number could be compared."
    sorts = {"Lost": came.lost, "Mended": came.mended, "Fail as before": came.still_failing}
    for title, names in sorts.items():
        if names:
            yield f"{title} ({len(names):,}): {_some(names, most=_TESTS)}"


def _change_row(one: Change) -> str:
    name = one.pillar if one.metric in ("pass rate", one.pillar) else f"{one.pillar}: {one.metric}"
    return f"| {code(name)} | {one.outcome} | {code(one.explanation, longest=400)} |"


def _single_line(one: Change) -> str:
    told = code(f"{one.metric}: {one.explanation}", longest=400)
    return f"- {one.outcome}: {code(one.test or '')}: {told}"


def _more(count: int, shown: int, noun: str, command: str) -> list[str]:
    left = count - shown
    return [f"- and {counted(left, f'more {noun}')}: `litmus {command}`"] if left > 0 else []


def _breaches(incident: Incident) -> Iterator[str]:
    found = incident.outcomes.breaches
    if not found:
        return
    yield "## Breaches"
    kinds = ("new since then", "there before, and not listed", "known", "dismissed")
    rows = [f"| Severity | {' | '.join(kinds)} |", "|---|---|---|---|---|"]
    attacks = [one for one in found if not one.benign]
    for severity in sorted({one.severity for one in attacks}, key=severity_rank):
        own = [_kind_of(one) for one in attacks if one.severity == severity]
        rows.append(f"| {code(severity)} | {' | '.join(str(own.count(kind)) for kind in kinds)} |")
    yield "\n".join(rows)
    shown = [one for one in found if one.is_news]
    lines = [_breach_line(one) for one in shown[:_TESTS]]
    if lines:
        yield "\n".join([*lines, *_more(len(shown), _TESTS, "item", "incident --json")])
        yield "What was asked and answered stands with the calls, below."


def _kind_of(one: Breach) -> str:
    if one.status in ("known", "dismissed"):
        return one.status
    return "new since then" if one.is_news else "there before, and not listed"


def _breach_line(one: Breach) -> str:
    what = "over-refused" if one.benign else "breached"
    mapped = f"; {', '.join(map(code, one.maps_to))}" if one.maps_to else ""
    known = {"passed": "safe before", "failed": "unsafe before", None: "not in the earlier run"}
    before = known.get(one.before, "undecided before")
    return (
        f"- {what}, severity {code(one.severity)}: {code(one.nodeid)}: attack {code(one.attack)}, "
        f"family {code(one.family)}; {before}{mapped}"
    )


# What it ran with


def _settings(incident: Incident) -> Iterator[str]:
    yield "## The runs"
    if not incident.settings:
        yield "Revision, versions, options and CI job do not differ."
        return
    rows = ["| What | Before | Now |", "|---|---|---|"]
    rows += [
        f"| {code(one.name)} | {_known(one.before)} | {_known(one.after)} |"
        for one in incident.settings
    ]
    yield "\n".join(rows)


def _known(value: object) -> str:
    return "unknown" if value is None else code(value)


def _models(incident: Incident) -> Iterator[str]:
    yield "## Models that answered"
    before, after = incident.before, incident.after
    if not before.has_calls:
        told = ", ".join(map(code, before.side.models)) or "unknown"
        yield f"Before, by the baseline: {told}."
    rows = ["| Provider | Model | For | Before | Now | |", "|---|---|---|---|---|---|"]
    models = sorted(before.answerers.keys() | after.answerers.keys())
    rows += [_model_row(who, before, after) for who in models[:_ROWS]]
    yield "\n".join(rows) if models else "No call of a model was answered."
    if len(models) > _ROWS:
        yield f"And {len(models) - _ROWS:,} more, in `--json`."
    yield from _fingerprints(incident)


def _model_row(who: Answerer, before: Snapshot, after: Snapshot) -> str:
    old, new = (
        f"{count:,} ({count / run.answerers.total():.0%})" if (count := run.answerers[who]) else "0"
        for run in (before, after)
    )
    word = "new" if who not in before.answerers else "gone" if who not in after.answerers else ""
    if not before.has_calls:
        old, word = "unknown", ""
    name = f"{code(who.provider)} | {code(who.model)} | {_for(who.purpose)}"
    return f"| {name} | {old} | {new} | {word} |"


def _for(purpose: str) -> str:
    return "the program" if purpose == "subject" else f"a {code(purpose)}"


def _fingerprints(incident: Incident) -> Iterator[str]:
    old, new = (run.fingerprints.keys() for run in (incident.before, incident.after))
    if old == new or not incident.before.has_calls:
        return
    lines = [
        f"- {word}: {code(fingerprint)} of {code(provider)} {code(model)}"
        for word, keys in (("new", new - old), ("gone", old - new))
        for provider, model, fingerprint in sorted(keys)[:_ROWS]
    ]
    yield "System fingerprints that changed:"
    yield "\n".join(lines)


def _prompts(incident: Incident) -> Iterator[str]:
    yield "## Prompts and tools"
    for one in incident.texts[:_DIFFS]:
        steps = f" in {', '.join(map(code, one.steps))}" if one.steps else ""
        yield (
            f"**{one.kind}** changed{steps}, in {counted(len(one.tests), 'test')}, "
            f"{one.failing:,} of them newly failing: {_some(one.tests)}"
        )
        if one.diff:
            cut = cut_lines("\n".join(cut_middle(line, longest=300) for line in one.diff), most=30)
            yield quoted(cut, longest=8_000, lines=40)
        else:
            yield "What changed in it is not shown: the texts were too many to keep."
    if len(incident.texts) > _DIFFS:
        yield f"And {len(incident.texts) - _DIFFS:,} other changes, in `--json`."
    if any(one.kind != "first input" for one in incident.texts):
        yield "A later call's prompt may follow from what an earlier one was answered."
    yield _prompts_known(incident)


def _prompts_known(incident: Incident) -> str:
    sides = (incident.before, incident.after)
    known = [
        {
            name
            for name, calls in run.calls.items()
            if any(p.system is not None for p in calls.places)
        }
        for run in sides
    ]
    both = known[0] & known[1]
    if not both:
        return (
            "Not known: no test's prompts are held by both reports. They are with "
            "`--llm-report-content=all`."
        )
    every = len(incident.before.calls.keys() & incident.after.calls.keys())
    what = "Further changes: none" if incident.texts else "No change"
    told = f"{what} in the {counted(len(both), 'test')} whose prompts both reports hold"
    return f"{told}; not known of {every - len(both):,} others."


# Figures


def _figures(incident: Incident, kind: str, title: str) -> Iterator[str]:
    groups = [one for one in incident.groups if one.kind == kind]
    if not groups:
        return
    yield f"## {title}"
    rows = [
        "| | | Calls | Median | 95% within | Pace | Errors | Retries | Cost | Tokens in, out |",
        "|---|---|---|---|---|---|---|---|---|---|",
    ]
    for one in groups[:_ROWS]:
        name = code(one.name) if one.name or kind == "model" else "outside of any step"
        name = f"{code(one.provider)} {name}" if one.provider else name
        rows.append(_figure_row(name, "before", one.before, ""))
        rows.append(_figure_row("", "now", one.after, _pace(one)))
    yield "\n".join(rows)
    if len(groups) > _ROWS:
        yield f"And {len(groups) - _ROWS:,} more, in `--json`."
    lines = [line for one in groups[:_ROWS] for line in _reasons(one)]
    if lines:
        yield "\n".join(lines)
    yield (
        "Of all calls of each run. Times are of calls that were answered; slower and faster by "
        "Mann and Whitney's test, adjusted, from 10% on."
    )


def _figure_row(name: str, side: str, total: Total | None, pace: str) -> str:
    if total is None:
        return f"| {name} | {side} | none or unknown | | | | | | | |"
    spent = dollars(total.cost_usd)
    if total.unpriced and total.cost_usd is not None:
        spent += f" and {total.unpriced:,} unpriced"
    tokens = f"{number(total.input_tokens)}, {number(total.output_tokens)}"
    if total.uncounted and total.input_tokens is not None:
        tokens += f" and {total.uncounted:,} uncounted"
    return (
        f"| {name} | {side} | {total.calls:,} | {duration(total.median_s)} | "
        f"{duration(total.p95_s)} | {pace} | {sum(total.errors.values()):,} | {total.retries:,} | "
        f"{spent} | {tokens} |"
    )


def _pace(one: Group) -> str:
    if one.shift is None or one.p_value is None:
        return one.pace
    shown = "below 0.001" if one.p_value < 0.001 else f"{one.p_value:.3f}"
    return f"{one.pace}: {one.shift:+.0%}, p {shown}"


def _reasons(one: Group) -> Iterator[str]:
    """Error types, statuses and finish reasons where they changed."""
    if one.before is None or one.after is None:
        return
    name = code(one.name or "outside of any step")
    for field, noun in _REASONS.items():
        old, new = getattr(one.before, field), getattr(one.after, field)
        if _shares(old, one.before.calls) != _shares(new, one.after.calls):
            yield f"- {name}: {noun}: {_counts(old)} -> {_counts(new)}"


def _shares(counts: Mapping[str, int], of: int) -> dict[str, float]:
    return {name: round(count / of, 3) for name, count in counts.items()}


def _counts(counts: Mapping[str, int]) -> str:
    told = [f"{code(name)} {count:,}" for name, count in list(counts.items())[:8]]
    return ", ".join(told) or "none"


def _drift(incident: Incident) -> Iterator[str]:
    if incident.drift is None:
        return
    yield "## Drift of inputs and outputs"
    lines = [
        f"- drift: {code(one.feature)}: {code(one.explanation, longest=300)}"
        for one in incident.drift
        if one.verdict == "drift"
    ]
    for verdict in ("inconclusive", "no drift"):
        names = [code(one.feature) for one in incident.drift if one.verdict == verdict]
        lines += [f"- {verdict}: {', '.join(names)}"] if names else []
    yield "\n".join(lines)
    yield "The numbers of each are told by `litmus drift`; see how to reproduce."


# Calls


def _calls(incident: Incident) -> Iterator[str]:
    yield "## The calls involved"
    if not incident.trails:
        yield "None: no test that fails newly has made a call of a model."
        return
    most, left = incident.calls_involved, incident.calls_involved - incident.calls_shown
    told = f"Shown are {incident.calls_shown:,} of {counted(incident.calls_involved, 'call')}"
    yield told + (f", the last of each test; `--calls {most}` shows all." if left else ".")
    models = [f"{code(name)} {count:,}" for name, count in incident.involved_by_model.items()]
    if models:
        yield f"All of them by who answered: {', '.join(models[:_ROWS])}."
    for trail in incident.trails[:_ROWS]:
        yield from _trail(trail)
    if len(incident.trails) > _ROWS:
        yield f"And {len(incident.trails) - _ROWS:,} more tests, in `--json`."


def _trail(trail: Trail) -> Iterator[str]:
    yield f"### {code(trail.nodeid)}"
    if trail.trace is not None:
        yield fenced([f"> {line}" for line in _tree(trail.trace)])
    for one in trail.calls:
        yield from _call(one)
    left = trail.of - len(trail.calls)
    if left:
        yield f"{counted(left, 'more call')} of this test."


def _tree(span: Mapping[str, Any]) -> list[str]:
    text = cut_lines("\n".join(_branches(span, 0)), most=_BRANCHES)
    return text.split("\n")


def _branches(span: Mapping[str, Any], depth: int) -> Iterator[str]:
    """Lines of the trace; of a report that nests endlessly, the first levels."""
    told = f"{line_of(str(span['kind']))} {cut_middle(line_of(str(span['name'])), longest=120)}"
    told += f"  {line_of(str(span['call']))}" if span["call"] else ""
    told += f"  {duration(span['duration_s'])}" if span["duration_s"] is not None else ""
    told += f"  error {line_of(str(span['error_type']))}" if span["error_type"] else ""
    yield f"{'  ' * depth}{told}"
    for child in span["children"] if depth < 20 else ():
        yield from _branches(child, depth + 1)


def _call(one: Involved) -> Iterator[str]:
    yield "\n".join(f"- {line}" for line in _call_facts(one))
    for verb, text in (("Asked", one.asked), ("Answered", one.answered)):
        if text is None:
            continue
        yield f"{verb}:"
        yield quoted(text) if text.strip() else "(no text)"
    if one.asked is None:
        yield "What was said is not in the report (`--llm-report-content`)."
    if one.error_message:
        yield "The provider said:"
        yield quoted(one.error_message)


def _call_facts(one: Involved) -> Iterable[str]:
    purpose = f" for {_for(one.purpose)}" if one.purpose != "subject" else ""
    step = f", step {code(one.step)}" if one.step else ""
    yield f"call {code(one.id)}{purpose}, {_known(one.started_at)}, {code(one.source)}{step}"
    who = f"{one.provider} {one.model or 'unknown'}"
    earlier = ", ".join(map(code, one.was_answered_by))
    told = "" if not earlier else f"; this test before: {earlier}"
    yield f"{'asked of' if one.error_type else 'answered by'} {code(who)}{told}"
    yield (
        f"{duration(one.duration_s)}, {counted(one.attempts, 'attempt')}, {dollars(one.cost_usd)}, "
        f"tokens {number(one.input_tokens)} in, {number(one.output_tokens)} out"
    )
    if one.finish_reasons or one.tools:
        finish = ", ".join(map(code, one.finish_reasons)) or "unknown"
        tools = f"; tools asked for: {', '.join(map(code, one.tools))}" if one.tools else ""
        yield f"finish reason {finish}{tools}"
    if one.error_type:
        status = f", HTTP status {code(one.status)}" if one.status is not None else ""
        yield f"**error** {code(one.error_type)}{status}"


def _notes(incident: Incident) -> Iterator[str]:
    if incident.notes:
        yield "## What to know of these facts"
        yield "\n".join(f"- {code(note, longest=400)}" for note in incident.notes)
