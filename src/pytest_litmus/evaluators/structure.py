"""Structure: whether an output is what a program could read: JSON, XML, SQL, Python, Markdown.

JSON is that of RFC 8259 (https://www.rfc-editor.org/rfc/rfc8259), Markdown that of GitHub
(https://github.github.com/gfm/). Nothing of an output is run, and no entity is expanded.
"""

from __future__ import annotations

import ast
import json
import re
import sqlite3
import warnings
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from pytest_litmus.evaluators.quoting import quoted
from pytest_litmus.evaluators.said import Said, text_of
from pytest_litmus.verdicts import Evidence, Limit, Score, Verdict, decided

if TYPE_CHECKING:
    from jsonschema.exceptions import ValidationError

_FENCED = re.compile(r"\s*(`{3,}|~{3,})[^\n`]*\n(.*)\n[ \t]*\1\s*", re.DOTALL)
_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})([^\n]*)")
_DELIMITER_CELL = re.compile(r"[ \t]*:?-+:?[ \t]*")
_CODE_SPAN = re.compile(r"`[^`\n]*`")
_LONGEST = 1_000_000
"""Characters beyond which code is not parsed: a parser's memory is many times its text."""
_STATEMENTS = 100
_NOT_SYNTAX = ("no such ", "not authorized", "unknown database", "incorrect number of bindings")
"""How SQLite's messages begin where a statement parses, but the empty database lacks a table."""


class _Fault(ValueError):  # noqa: N818 - a finding, no error of ours
    """Why a text is not of its format, and where."""

    def __init__(self, why: str, at: int | None = None) -> None:
        super().__init__(why)
        self.at = at


class _Undecided(Exception):  # noqa: N818 - no error of ours
    """Why it cannot be said whether a text is of its format."""


def valid_json(
    said: Said,
    *,
    fenced: bool = False,
    unique_keys: bool = True,
    at_least: float | None = None,
    at_most: float | None = None,
) -> Score | Verdict:
    """Whether an output is one JSON text and nothing else: 1 or 0. Passes at 1.

    Strictly by RFC 8259: no NaN or Infinity, comments, trailing commas or byte order mark. A
    repeated name is refused too, as I-JSON does (https://www.rfc-editor.org/rfc/rfc7493): parsers
    differ on which value counts. None where it nests deeper than Python reads.

    Args:
        said: The output.
        fenced: Whether it may stand in one Markdown code fence, with nothing around it.
        unique_keys: Whether a repeated name is refused; False is RFC 8259 to the letter.
        at_least: The lowest value that passes.
        at_most: The highest.
    """

    def read(text: str) -> None:
        _json(text, unique_keys, as_numbers=False)

    return _judged("valid_json", "JSON", read, said, fenced, at_least, at_most)


def json_schema(
    said: Said,
    schema: Mapping[str, Any],
    *,
    fenced: bool = False,
    at_least: float | None = None,
    at_most: float | None = None,
) -> Score | Verdict:
    """Whether an output is JSON that a JSON Schema allows: 1 or 0. Passes at 1.

    By jsonschema (https://python-jsonschema.readthedocs.io), in the draft that `$schema` names,
    else 2020-12. The message has the path of what fails, such as `$.items[2].price`. Formats are
    not checked, and no schema is fetched. None where the schema is not valid, or a `$ref` leads
    nowhere.

    Blind spot: a `pattern` of the schema is run as it is; keep it simple.
    """

    def read(text: str) -> None:
        _hold_schema(_json(text, unique_keys=True, as_numbers=True), schema)

    return _judged("json_schema", "JSON of the schema", read, said, fenced, at_least, at_most)


def valid_xml(
    said: Said,
    *,
    fenced: bool = False,
    at_least: float | None = None,
    at_most: float | None = None,
) -> Score | Verdict:
    """Whether an output is well-formed XML 1.0 that declares no entities: 1 or 0. Passes at 1.

    Entity declarations are refused, not expanded: they are how XML is made to fill the memory or to
    read files (https://owasp.org/www-community/vulnerabilities/XML_External_Entity_(XXE)_Processing).
    Always decided. HTML is mostly no XML.
    """
    return _judged("valid_xml", "XML", _read_xml, said, fenced, at_least, at_most)


def valid_sql(
    said: Said,
    *,
    dialect: str = "sqlite",
    fenced: bool = False,
    at_least: float | None = None,
    at_most: float | None = None,
) -> Score | Verdict:
    """Whether an output is SQL that parses: 1 or 0. Passes at 1.

    SQLite's own parser reads `sqlite`: each statement is compiled on an empty database and never
    run; that a table or column is missing there does not count. Other dialects (`postgres`,
    `mysql`, `bigquery`, ...) are read by sqlglot, which allows more than the databases do. None
    where sqlglot is wanted and not installed, or there is more than can be parsed safely.

    Blind spot: whether tables and columns exist.
    """

    def read(text: str) -> None:
        _nonempty(text)
        if dialect == "sqlite":
            _compile_sqlite(text)
        else:
            _parse_sql(text, dialect)

    return _judged("valid_sql", f"SQL ({dialect})", read, said, fenced, at_least, at_most)


def valid_python(
    said: Said,
    *,
    fenced: bool = False,
    at_least: float | None = None,
    at_most: float | None = None,
) -> Score | Verdict:
    """Whether an output parses as Python: 1 or 0. Passes at 1.

    By the grammar of the Python that runs; nothing is run or imported. None where it is longer than
    a million characters or nests deeper than Python's parser goes.

    Blind spots: one word (`Sorry`) is Python; unknown names and modules are not seen.
    """
    return _judged("valid_python", "Python", _read_python, said, fenced, at_least, at_most)


def valid_markdown(
    said: Said, *, at_least: float | None = None, at_most: float | None = None
) -> Score | Verdict:
    """How many faults make an output's Markdown show otherwise than meant. Passes at 0.

    Every text is Markdown, so these are counted: a code fence that is not closed, a table row with
    another number of cells than its head, a link without its closing bracket or without an address.
    Always decided.

    Blind spots: unclosed emphasis, reference links, HTML; indented code is read as text; a link's
    closing bracket may be any later one of its line.
    """
    text = text_of(said)
    faults = tuple(sorted(_markdown_faults(text), key=lambda fault: fault.start or 0))
    told = "; ".join(f"{fault.rule}: {quoted(fault.text)}" for fault in faults[:3])
    more = f" and {len(faults) - 3} more" if len(faults) > 3 else ""
    score = Score(
        name="valid_markdown",
        value=len(faults),
        explanation=f"{told}{more}" if faults else "no fence, table or link is broken",
        evidence=faults,
    )
    return decided(score, at_least=at_least, at_most=at_most, otherwise=Limit(at_most=0))


def _judged(
    name: str,
    title: str,
    read: Callable[[str], None],
    said: Said,
    fenced: bool,
    at_least: float | None,
    at_most: float | None,
) -> Score | Verdict:
    text = text_of(said)
    fence = _FENCED.fullmatch(text) if fenced else None
    body, offset = (fence[2], fence.start(2)) if fence else (text, 0)
    try:
        read(body)
    except _Undecided as reason:
        score = Score(name=name, explanation=f"cannot say whether this is {title}: {reason}")
    except _Fault as fault:
        score = _fails(name, title, text, fault, offset)
    else:
        score = Score(name=name, value=1.0, explanation=f"{quoted(body)} is {title}")
    return decided(score, at_least=at_least, at_most=at_most, otherwise=Limit(at_least=1))


def _fails(name: str, title: str, text: str, fault: _Fault, offset: int) -> Score:
    start = min(offset + (fault.at or 0), len(text))
    end = min(start + 40, len(text))
    place = (
        ()
        if fault.at is None
        else (Evidence(rule=name, text=text[start:end], start=start, end=end),)
    )
    where = f" at {quoted(text[start:end]) if start < end else 'its end'}" if place else ""
    return Score(name=name, value=0.0, explanation=f"not {title}: {fault}{where}", evidence=place)


def _nonempty(text: str) -> None:
    if not text.strip():
        raise _Fault("it is empty")


def _json(text: str, unique_keys: bool, *, as_numbers: bool) -> Any:
    # Numbers that are not looked at stay text: RFC 8259 sets no limit to them, Python does.
    numbers: dict[str, Any] = {} if as_numbers else {"parse_int": str, "parse_float": str}
    pairs = _unique if unique_keys else None
    try:
        return json.loads(text, parse_constant=_constant, object_pairs_hook=pairs, **numbers)
    except json.JSONDecodeError as error:
        raise _Fault(error.msg, error.pos) from None
    except RecursionError:
        raise _Undecided("it nests too deeply") from None
    except _Fault:
        raise
    except ValueError as error:
        raise _Undecided(str(error)) from None


def _constant(name: str) -> Any:
    raise _Fault(f"{name} is no JSON number")


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        again = next(name for place, name in enumerate(names) if name in names[:place])
        raise _Fault(f"the name {quoted(again)} is there twice in one object")
    return found


def _hold_schema(value: Any, schema: Mapping[str, Any]) -> None:
    from jsonschema.exceptions import SchemaError, best_match
    from jsonschema.validators import Draft202012Validator, validator_for
    from referencing import Registry
    from referencing.exceptions import Unresolvable

    kind = validator_for(schema, default=Draft202012Validator)
    try:
        kind.check_schema(dict(schema))
        # An empty registry: the default one would fetch what a `$ref` names.
        error = best_match(kind(dict(schema), registry=Registry()).iter_errors(value))
    except SchemaError as wrong:
        raise _Undecided(f"the schema is not valid: {quoted(wrong.message)}") from None
    except Unresolvable as lost:
        raise _Undecided(f"a $ref of the schema leads nowhere: {lost}") from None
    except RecursionError:
        raise _Undecided("it nests too deeply") from None
    if error is not None:
        raise _Fault(_schema_fault(error))


def _schema_fault(error: ValidationError) -> str:
    rule = ".".join(map(str, error.absolute_schema_path))
    message = error.message if len(error.message) <= 200 else error.message[:197] + "..."
    return f"{error.json_path}: {message.encode('unicode_escape').decode()} (schema: {rule})"


def _read_xml(text: str) -> None:
    from xml.parsers import expat

    parser = expat.ParserCreate("utf-8")
    parser.EntityDeclHandler = _refuse_entity
    try:
        parser.Parse(text.encode("utf-8"), True)
    except UnicodeEncodeError as error:
        raise _Fault("half a surrogate pair is no character", error.start) from None
    except expat.ExpatError as error:
        lines = text.split("\n")
        before = sum(len(line) + 1 for line in lines[: error.lineno - 1])
        raise _Fault(expat.ErrorString(error.code), before + error.offset) from None


def _refuse_entity(name: str, *_: object) -> None:
    raise _Fault(f"it declares the entity {quoted(name)}, which is not expanded")


def _compile_sqlite(text: str) -> None:
    if "\0" in text:
        raise _Fault("a NUL is no SQL", text.index("\0"))
    base = sqlite3.connect(":memory:")
    try:
        # Some pragmas run while they are compiled, and ATTACH names files.
        base.set_authorizer(_authorize)
        for statement, start in _statements(text):
            _compile_statement(base, statement, start)
    finally:
        base.close()


def _authorize(action: int, *_: str | None) -> int:
    refused = {sqlite3.SQLITE_PRAGMA, sqlite3.SQLITE_ATTACH, sqlite3.SQLITE_DETACH}
    return sqlite3.SQLITE_DENY if action in refused else sqlite3.SQLITE_OK


def _statements(text: str) -> Iterator[tuple[str, int]]:
    pieces = text.split(";")
    if len(pieces) > _STATEMENTS:
        raise _Undecided(f"it has over {_STATEMENTS} statements")
    start = at = 0
    for piece in pieces:
        at += len(piece) + 1
        # A semicolon in a string, a comment or a trigger ends nothing.
        whole = text[start:at]
        if at > len(text) or sqlite3.complete_statement(whole):
            if whole.strip("; \t\r\n"):
                yield whole, start
            start = at


def _compile_statement(base: sqlite3.Connection, statement: str, start: int) -> None:
    explained = statement.lstrip().lower().startswith("explain")
    try:
        base.execute(statement if explained else f"EXPLAIN {statement}").close()
    except UnicodeEncodeError:
        raise _Fault("half a surrogate pair is no character", start) from None
    except sqlite3.Error as error:
        message = str(error)
        if "too large" in message or "overflow" in message or "too big" in message:
            raise _Undecided(message) from None
        if not message.lower().startswith(_NOT_SYNTAX):
            raise _Fault(message, start) from None


def _parse_sql(text: str, dialect: str) -> None:
    try:
        import sqlglot
        from sqlglot import errors, expressions
    except ImportError:
        raise _Undecided(
            f"the dialect {dialect!r} is read by sqlglot: pip install sqlglot, or use 'sqlite'"
        ) from None
    try:
        found = sqlglot.parse(text[:_LONGEST], read=dialect)
    except errors.SqlglotError as error:
        raise _Fault(quoted(str(error))) from None
    except (RecursionError, ValueError) as error:
        raise _Undecided(quoted(str(error))) from None
    # It reads `Hello world` as a column with an alias.
    kinds = (expressions.Query, expressions.DML, expressions.DDL, expressions.Drop,
             expressions.Alter)  # fmt: skip
    if len(text) > _LONGEST or not any(found):
        raise _Undecided("it is too long") if found else _Fault("it has no statement")
    if any(isinstance(one, expressions.Command) for one in found):
        raise _Undecided("sqlglot does not know such a statement")
    if not all(isinstance(one, kinds) for one in found if one):
        raise _Fault("it is an expression, not a statement", 0)


def _read_python(text: str) -> None:
    _nonempty(text)
    if len(text) > _LONGEST:
        raise _Undecided(f"it is longer than {_LONGEST:,} characters")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            ast.parse(text)
    except SyntaxError as error:
        line = text.split("\n")[(error.lineno or 1) - 1 :][:1]
        told = f" in {quoted(line[0].strip())}" if line else ""
        raise _Fault(f"line {error.lineno}: {error.msg}{told}") from None
    except (RecursionError, MemoryError):
        raise _Undecided("it nests too deeply") from None
    except ValueError as error:
        raise _Fault(str(error)) from None


def _markdown_faults(text: str) -> Iterator[Evidence]:
    cells, above, fence, at = 0, "", "", 0
    opened: Evidence | None = None
    for line in text.split("\n"):
        mark = _FENCE.match(line)
        if fence:
            if mark and mark[1].startswith(fence) and not mark[2].strip():
                fence, opened = "", None
        elif mark and not (mark[1][0] == "`" and "`" in mark[2]):
            fence = mark[1]
            opened = Evidence(rule="unclosed-fence", text=line, start=at, end=at + len(line))
        else:
            yield from _link_faults(line, at)
            cells = _table_cells(line, above, cells)
            if cells and _cell_count(line) != cells:
                yield Evidence(rule="table-cells", text=line, start=at, end=at + len(line))
        above, at = line, at + len(line) + 1
    if opened:
        yield opened


def _table_cells(line: str, above: str, cells: int) -> int:
    """How many cells a row here should have; 0 where there is no table."""
    if cells:
        return cells if "|" in line else 0
    row = line.strip().removeprefix("|").removesuffix("|")
    ruled = "|" in line and "|" in above
    ruled = ruled and all(_DELIMITER_CELL.fullmatch(cell) for cell in row.split("|"))
    return _cell_count(above) if ruled else 0


def _cell_count(line: str) -> int:
    row = line.strip().replace("\\|", "  ")
    return row.removeprefix("|").removesuffix("|").count("|") + 1


def _link_faults(line: str, at: int) -> Iterator[Evidence]:
    line = _CODE_SPAN.sub(lambda span: "x" * len(span[0]), line)
    last = line.rfind(")")
    for link in re.finditer(r"\]\(", line):
        start, end = link.span()
        if end > last:
            yield Evidence(
                rule="unclosed-link", text=line[start:], start=at + start, end=at + len(line)
            )
            return
        if line.startswith(")", end):
            yield Evidence(
                rule="empty-link", text=line[start : end + 1], start=at + start, end=at + end + 1
            )
