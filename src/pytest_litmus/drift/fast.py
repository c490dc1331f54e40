"""Fast: DuckDB counts plain JSONL on all cores; what it cannot count as we do, it leaves to us."""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING, Any

from pytest_litmus.drift.logs import is_lines, last_line_is_whole
from pytest_litmus.drift.profile import FIELDS, NUMBERS_FROM, Counts
from pytest_litmus.drift.readers.plain import NAMES
from pytest_litmus.drift.sampling import sampled

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from pytest_litmus.drift.logs import Log
    from pytest_litmus.drift.seen import Seen

LEAST_BYTES = 20_000_000
"""Below this, starting DuckDB saves nothing."""
_LABELS = ("finish", "tools", "model", "fingerprint", "failed")
_NUMBERS = ("latency_s", "input_tokens", "output_tokens")
_MOST_KINDS = 100_000


def counted_by_duckdb(
    log: Log, *, least_bytes: int = LEAST_BYTES
) -> tuple[Counts, list[Seen]] | None:
    """The counts of a log and its sample; None where the standard library must count.

    That is where DuckDB is missing, the format is another than plain JSONL, a text is nested, or a
    line is not JSON or not UTF-8, because DuckDB would not count such lines but stop at them.
    """
    if log.reader.name != "plain JSONL" or not _large(log.path, least_bytes):
        return None
    try:
        import duckdb
    except ImportError:
        return None
    if not is_lines(log.path) or not last_line_is_whole(log.path):
        return None
    try:
        with duckdb.connect() as connection:
            counts = _counts(connection, log)
    except duckdb.Error:
        return None
    if counts is None:
        return None
    return counts, list(_parsed(log, sampled(_lines(log.path), NUMBERS_FROM)))


def _large(path: Path, least_bytes: int) -> bool:
    return path.suffix != ".parquet" and path.is_file() and path.stat().st_size >= least_bytes


def _lines(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        yield from file


def _parsed(log: Log, lines: list[bytes]) -> Iterator[Seen]:
    for line in lines:
        if line.strip():
            yield from log.reader.calls(json.loads(line)) or ()


def _counts(connection: Any, log: Log) -> Counts | None:
    _fill(connection, log)
    total, nested, unknown = connection.execute(
        "SELECT count(*), count(*) FILTER (nested), count(*) FILTER (NOT known) FROM calls"
    ).fetchone()
    if nested or unknown:
        return None
    log.records, log.unknown, log.first_unknown, log.not_utf8 = total, 0, None, 0
    counts = Counts(calls=total)
    for name in _LABELS:
        if not _count_labels(connection, log, name, counts):
            return None
    missing = ", ".join(f"count(*) FILTER (no_{name})" for name in FIELDS if name != "finish")
    told = connection.execute(f"SELECT {missing} FROM calls").fetchone()  # noqa: S608 - our names
    names = [name for name in FIELDS if name != "finish"]
    counts.missing.update({name: n for name, n in zip(names, told, strict=True) if n})
    if lacking := total - sum(counts.finish.values()):
        counts.missing["finish"] = lacking
    counts.answers, counts.empty, counts.pairs, unlike = connection.execute(
        "SELECT count(*) FILTER (NOT no_output), count(*) FILTER (empty), count(pair), "
        "count(DISTINCT pair) FROM calls"
    ).fetchone()
    counts.repeated = counts.pairs - unlike
    return counts


def _fill(connection: Any, log: Log) -> None:
    """One row a call: labels as their JSON, and of texts only what is counted."""
    names = NAMES | {field: (key,) for field, key in log.mapping.items()}
    paths: list[str] = []
    columns = []
    for field, keys in names.items():
        own = [path for key in keys for path in _paths(key)]
        places = ", ".join(f"j[{len(paths) + place}]" for place in range(1, len(own) + 1))
        columns.append(f"coalesce({places}) AS {field}")
        paths += own
    numbers = ", ".join(
        f"coalesce(try_cast(json_extract_string({name}, '$') AS DOUBLE), -1) < 0 AS no_{name}"
        for name in _NUMBERS
    )
    told = "({0} IS NOT NULL AND {0} <> 'null')"
    connection.execute(
        f"""
        CREATE TEMP TABLE calls AS
        WITH found AS (SELECT json_extract(json, $paths) AS j FROM read_json_objects(
                 $file, format = 'newline_delimited', maximum_object_size = 268435456)),
             named AS (SELECT {", ".join(columns)} FROM found)
        SELECT finish, tools, model, fingerprint, failed, {numbers},
               input IS NOT NULL OR output IS NOT NULL AS known,
               {told.format("input")} AND left(input::VARCHAR, 1) <> '"'
               OR {told.format("output")} AND left(output::VARCHAR, 1) <> '"' AS nested,
               NOT {told.format("input")} AS no_input, NOT {told.format("output")} AS no_output,
               NOT {told.format("model")} OR model = '""' AS no_model,
               {told.format("output")}
               AND regexp_full_match(json_extract_string(output, '$'), '\\s*')
               AND (tools IS NULL OR tools IN ('null', '[]')) AS empty,
               CASE WHEN {told.format("input")} AND {told.format("output")}
                    THEN hash(input::VARCHAR, output::VARCHAR) END AS pair
        FROM named
        """,  # noqa: S608 - names of ours; the user's keys are bound
        {"paths": paths, "file": str(log.path)},
    )


def _paths(key: str) -> list[str]:
    """A key as it stands, and as a path, in the reader's order."""
    nested = "".join(f'."{step}"' for step in key.split("."))
    return [f'$."{key}"', f"${nested}"] if "." in key else [f"${nested}"]


def _count_labels(connection: Any, log: Log, name: str, counts: Counts) -> bool:
    """Each kind of JSON once through the reader, so that both ways name the same labels."""
    rows = connection.execute(
        f"SELECT {name}, count(*) FROM calls GROUP BY ALL LIMIT {_MOST_KINDS + 1}"  # noqa: S608
    ).fetchall()
    if len(rows) > _MOST_KINDS:
        return False
    key = _key(name, log.mapping)
    labels: Counter[Any] = Counter()
    for packed, times in rows:
        record: dict[str, Any] = {} if packed is None else _nested(key, json.loads(packed))
        (seen,) = log.reader.calls(record | {_key("output", log.mapping): ""}) or (None,)
        value = getattr(seen, name)
        if value is not None:
            labels[value] += times
    setattr(counts, name, labels)
    return True


def _key(name: str, mapping: Mapping[str, str]) -> str:
    return mapping.get(name, NAMES[name][0])


def _nested(key: str, value: Any) -> dict[str, Any]:
    for step in reversed(key.split(".")):
        value = {step: value}
    read: dict[str, Any] = value
    return read
