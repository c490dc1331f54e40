from __future__ import annotations

import json
from importlib import resources

import pytest
from jsonschema import Draft7Validator

from pytest_litmus.errors import SuiteError
from pytest_litmus.suites.attacks import pytest_llm_attacks
from pytest_litmus.suites.expecting import evaluators
from pytest_litmus.suites.language import variants
from pytest_litmus.suites.reading import Reader
from pytest_litmus.suites.schema import schema_of

HEAD = "target: app:answer\n"


@pytest.fixture(scope="session")
def reader():
    return Reader({one.name: one.family for one in pytest_llm_attacks()})


@pytest.fixture
def read(reader, tmp_path):
    """Reads a text as a suite that lies in `tmp_path`."""

    def from_text(text: str, name: str = "s.llm.yaml"):
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return reader.read(path, shown=name, root=tmp_path)

    return from_text


@pytest.fixture
def mistakes(read):
    """The lines of the error that a text is refused with."""

    def of(text: str) -> list[str]:
        with pytest.raises(SuiteError) as refused:
            read(text)
        return str(refused.value).splitlines()

    return of


def case(more: str = "", head: str = HEAD) -> str:
    return f"{head}cases:\n  - id: a\n    prompt: hi\n    expect: [refuses]\n{more}"


def test_a_case_has_the_defaults_that_it_does_not_override(read):
    suite = read(
        "target: app:answer\ndefaults: {severity: critical, tags: [x], expect: [refuses]}\ncases:\n"
        "  - {id: a, prompt: hi}\n"
        "  - {id: b, prompt: hi, severity: low}\n"
    )

    first, second = suite.cases
    assert (first.severity, first.tags, first.line) == ("critical", ("x",), 4)
    assert second.severity == "low"
    assert suite.name == first.family == "s"


def test_words_of_yaml_1_1_are_texts(read):
    suite = read("target: app:answer\ncases:\n  - {id: on, prompt: no, expect: [refuses]}\n")

    assert (suite.cases[0].id, suite.cases[0].turns[0].text) == ("on", "no")


def test_families_and_all_stand_for_their_attacks(read, reader):
    def named(attacks: str, more: str = "") -> set[str]:
        return set(read(case(f"    attacks: {attacks}\n{more}")).cases[0].attacks)

    families = reader.attacks
    assert named("[encoding]") == {name for name in families if families[name] == "encoding"}
    assert {families[name] for name in named("[all]")} == {
        "encoding", "obfuscation", "structure", "framing", "conversation",
    }  # fmt: skip
    injected = named("[all]", "    documents: ['{injection}']\n    injection: obey\n")
    assert {families[name] for name in injected} == {
        "encoding", "obfuscation", "structure", "framing", "carrier",
    }  # fmt: skip


def test_an_anchor_in_a_list_is_taken_for_its_entries(read):
    suite = read(
        case(
            "    attacks: &some [plain, hex]\n"
            "  - {id: b, prompt: x, attacks: [*some, rot13], expect: [refuses]}\n"
        )
    )

    assert suite.cases[1].attacks == ("plain", "hex", "rot13")


def test_rows_targets_and_attacks_are_items_with_names_of_their_own(read, tmp_path):
    (tmp_path / "rows.csv").write_text("id,city\nparis,Paris\n,Rome\n", encoding="utf-8")
    suite = read(
        case(
            "    attacks: [plain, hex]\n    data: rows.csv\n",
            "targets: {old: app:one, new: app:two}\n",
        )
    )

    names = [one.name for one in variants(suite)]
    assert names[:4] == ["a[paris-old]", "a[paris-new]", "a[hex-paris-old]", "a[hex-paris-new]"]
    assert len(set(names)) == len(names) == 8


# Mistakes


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "s.llm.yaml:1: a suite is a mapping with `cases:`"),
        ("cases: []\n", "s.llm.yaml:1: `cases` is empty"),
        ("a: b: c\n", "s.llm.yaml:1: not YAML: mapping values are not allowed in this context"),
        ("cases:\n  - id: a\n    id: b\n", "s.llm.yaml:3: the key `id` stands here twice"),
        (
            "cases: !!python/object:os.system {}\n",
            "s.llm.yaml:1: the tag tag:yaml.org,2002:python/object:os.system is refused",
        ),
        ("&a [*a]\n", "s.llm.yaml:1: it is nested too deep, or an anchor holds itself"),
        (case("    atacks: [hex]\n"), "s.llm.yaml:6: unknown key `atacks`: did you mean attacks?"),
        (
            case("    attacks: [base46]\n"),
            "s.llm.yaml:6: unknown attack 'base46': did you mean base64?",
        ),
        (case("    runs: 0\n"), "s.llm.yaml:6: `cases[0].runs` is 0 and has to be at least 1"),
        (
            case("    runs: many\n"),
            "s.llm.yaml:6: `cases[0].runs` is 'many' and has to be a whole number",
        ),
        (
            case("    system: 7\n"),
            "s.llm.yaml:6: `cases[0].system` is 7 and has to be a text: put it in quotes",
        ),
        (case("    severity: hgih\n"), "s.llm.yaml:6: unknown severity 'hgih': did you mean high?"),
        (
            case("    turns: [{user: x}]\n"),
            "s.llm.yaml:6: a case has a `prompt` or `turns`, not both",
        ),
        (case("    twin_of: b\n"), "s.llm.yaml:3: twin_of: unknown case b: known are a"),
        (case("    data: ../../etc/passwd\n"), "outside"),
        (
            case("    data: no.csv\n"),
            "s.llm.yaml:3: data: no.csv cannot be read: No such file or directory",
        ),
        (
            case("    injection: obey\n"),
            "s.llm.yaml:6: case a has an `injection` that nothing holds: put {injection} somewhere",
        ),
        (
            case("  - {id: a, prompt: x, expect: [refuses]}\n"),
            "s.llm.yaml:6: the id a is that of the case in line 3 too",
        ),
        (
            case("    min_pass_rate: 0.9\n    max_attack_success_rate: 0.1\n"),
            "s.llm.yaml:3: give `min_pass_rate` or `max_attack_success_rate`, not both",
        ),
        (
            case(head="target: app.answer\n"),
            "s.llm.yaml:1: `target` is 'app.answer', which is no `module:function`",
        ),
        (case(head="target: {endpoint: http://x}\n"), "s.llm.yaml:1: `target` has no `model`"),
        (
            "cases:\n  - {id: a, prompt: x}\n",
            "s.llm.yaml:2: case a expects nothing: give it `expect:`",
        ),
        (
            "cases:\n  - {id: a, turns: [{user: x}, {assistant: y}], expect: [refuses]}\n",
            "s.llm.yaml:2: the last turn has to be the user's",
        ),
        (
            "cases:\n- id: a\n  turns: [{user: x, expect: [cites]}, {assistant: y}, {user: z}]\n",
            "s.llm.yaml:3: its answer is forged: there is nothing to expect of it",
        ),
    ],
)
def test_a_mistake_names_its_line_and_what_to_type(mistakes, text, told):
    assert told in mistakes(text)[0]


@pytest.mark.parametrize(
    ("entry", "told"),
    [
        ("refuse", "unknown evaluator 'refuse': did you mean refuses?"),
        ("contains", "`contains` needs `wanted`: type `{contains: ...}`"),
        (
            "{contains: {wanted: x, ignorecase: true}}",
            "unknown key `ignorecase`: did you mean ignore_case?",
        ),
        ("{not: {any_of: [contains]}}", "`contains` needs `wanted`: type `{contains: ...}`"),
        ("{refuses: {at_least: high}}", "is 'high' and has to be a number"),
        ("{refuses: {}, complies: {}}", "has to be one name with what it takes, not 2"),
        ("{similar: {reference: x, how: fuzzy}}", "unknown how 'fuzzy'"),
    ],
)
def test_a_mistaken_expectation_is_named(mistakes, entry, told):
    (line,) = mistakes(f"{HEAD}cases:\n  - id: a\n    prompt: x\n    expect:\n      - {entry}\n")

    assert line.startswith("s.llm.yaml:6: ")
    assert told in line


def test_all_mistakes_of_a_file_are_told_at_once_in_the_order_of_their_lines(mistakes):
    lines = mistakes(case("    runs: 0\n    tags: [a b]\n    maps_to: [LLM01]\n"))

    assert [line.split(":")[1] for line in lines] == ["6", "7", "8"]
    assert "type it as LLM01:2025" in lines[2]


def test_a_file_in_another_encoding_is_refused_with_its_line(reader, tmp_path):
    path = tmp_path / "s.llm.yaml"
    path.write_bytes(b"# ok\ncases: \xff\n")

    with pytest.raises(SuiteError, match=r"s:2: not UTF-8"):
        reader.read(path, shown="s", root=tmp_path)


def test_an_anchor_that_grows_without_bound_is_refused(mistakes):
    rows = "".join(f"x{n}: &x{n} [*x{n - 1}, *x{n - 1}, *x{n - 1}]\n" for n in range(1, 30))

    assert "more values than a suite can need" in mistakes(f"x0: &x0 [a]\n{rows}")[0]


# The schema


def test_the_shipped_schema_is_that_of_the_code():
    text = resources.files("pytest_litmus.suites").joinpath("suite.schema.json").read_text("utf-8")

    made = schema_of(pytest_llm_attacks(), evaluators().values())
    assert json.loads(text) == made, "write it anew: python -m pytest_litmus.suites.schema"


def test_the_schema_is_one_of_draft_7_and_has_every_evaluator():
    schema = schema_of(pytest_llm_attacks(), evaluators().values())

    Draft7Validator.check_schema(schema)
    assert {"refuses", "leaks_nothing", "called_with", "unchanged", "judged_by"} <= set(
        evaluators()
    )
