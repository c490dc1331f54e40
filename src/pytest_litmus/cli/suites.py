"""`litmus check`, `suites`, `freeze` and `generate`: suites outside of a test run."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from pytest_litmus.cli.asking import refused

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterable, Iterator

    from pytest_litmus.cli.asking import Commands
    from pytest_litmus.suites.reading import Reader


def add_check(commands: Commands) -> None:
    """Add `litmus check`."""
    parser = commands.add_parser(
        "check",
        help="look for mistakes in suites, without running them",
        description="Look for mistakes in suites, without running them. Exits with 1 where there "
        "are any, so that it works as a pre-commit hook.",
    )
    parser.add_argument(
        "paths", metavar="PATH", type=Path, nargs="+", help="suites, or folders with suites"
    )
    parser.add_argument(
        "--plugin",
        metavar="MODULE",
        action="append",
        default=[],
        help="a module with pytest_llm_attacks or pytest_llm_evaluators, such as a conftest",
    )
    parser.set_defaults(command=_check)


def add_suites(commands: Commands) -> None:
    """Add `litmus suites`."""
    parser = commands.add_parser("suites", help="list the suites that ship with pytest-litmus")
    parser.add_argument(
        "--export", metavar="NAME", help="print a suite, to copy it into a project and change it"
    )
    parser.add_argument(
        "--taxonomy", action="store_true", help="which ids of which edition they cover, and not"
    )
    parser.set_defaults(command=_suites)


def add_freeze(commands: Commands) -> None:
    """Add `litmus freeze`."""
    parser = commands.add_parser(
        "freeze",
        help="write a suite's attacks out, each as a case of its own with where it is from",
        description="Write a suite's attacks out, each as a case of its own with where it is from: "
        "what is asked stays the same when an attack changes in a later version.",
    )
    parser.add_argument("suite", metavar="SUITE", type=Path)
    parser.add_argument("--out", metavar="FILE", type=Path, required=True)
    parser.set_defaults(command=_freeze)


def add_generate(commands: Commands) -> None:
    """Add `litmus generate`."""
    parser = commands.add_parser(
        "generate",
        help="have a model draft a suite for an application",
        description="Have a model draft a suite for an application. The file is a draft: pytest "
        "collects it only once you have read it and named it *.llm.yaml.",
    )
    parser.add_argument(
        "about", metavar="TEXT", help="what the application does, or @FILE with a description"
    )
    parser.add_argument("--base-url", required=True, help="of an OpenAI-compatible endpoint")
    parser.add_argument("--model", required=True)
    parser.add_argument("--api-key-env", default="OPENAI_API_KEY", help="default: %(default)s")
    parser.add_argument("--target", default="app:answer", help="default: %(default)s")
    parser.add_argument(
        "--families", metavar="NAME,...", default="", help="default: all that are known"
    )
    parser.add_argument("--cases", type=int, default=4, help="of each family; default: %(default)s")
    parser.add_argument("--out", metavar="FILE", type=Path, required=True, help="*.draft.yaml")
    parser.set_defaults(command=_generate)


def _check(options: argparse.Namespace) -> int:
    from pytest_litmus.errors import SuiteError

    try:
        reader, files = reader_with(options.plugin), list(suite_files(options.paths))
    except (SuiteError, ImportError) as error:
        return refused("check", error)
    wrong = quarantined = 0
    for path in files:
        try:
            suite = reader.read(path, shown=path, root=root_of(path))
        except SuiteError as error:
            sys.stdout.write(f"{error}\n")
            wrong += 1
            continue
        quarantined += sum(bool(case.quarantined) for case in suite.cases)
        sys.stdout.write("".join(f"{warning}\n" for warning in suite.warnings))
    more = f", {quarantined} cases in quarantine" if quarantined else ""
    sys.stdout.write(f"{len(files)} suites, {wrong} with mistakes{more}\n")
    return 1 if wrong else 0


def reader_with(plugins: Iterable[str]) -> Reader:
    """A reader that knows our attacks and evaluators, and those of plugins' modules.

    Raises:
        ImportError: There is no such module.
    """
    from importlib import import_module

    from pytest_litmus.suites.attacks import pytest_llm_attacks
    from pytest_litmus.suites.reading import Reader

    modules = [import_module(name) for name in plugins]
    attacks = [one for module in modules for one in getattr(module, "pytest_llm_attacks", tuple)()]
    added = [one for module in modules for one in getattr(module, "pytest_llm_evaluators", tuple)()]
    families = {one.name: one.family for one in (*pytest_llm_attacks(), *attacks)}
    return Reader(families, [one.__name__ for one in added])


def suite_files(paths: Iterable[Path]) -> Iterator[Path]:
    """The suites among files and folders.

    Raises:
        SuiteError: There is no such file.
    """
    from pytest_litmus.errors import SuiteError
    from pytest_litmus.suites.reading import ENDINGS

    for path in paths:
        if path.is_dir():
            yield from sorted(one for one in path.rglob("*") if one.name.endswith(ENDINGS))
        elif path.is_file():
            yield path
        else:
            raise SuiteError(f"there is no {path}")


def root_of(path: Path) -> Path:
    """Where a suite's data may lie: here, or beside it where it is elsewhere."""
    here = Path.cwd()
    return here if path.resolve().is_relative_to(here) else path.parent


def _suites(options: argparse.Namespace) -> int:
    from pytest_litmus.errors import SuiteError
    from pytest_litmus.suites.shipped import chosen, shipped_suites
    from pytest_litmus.suites.taxonomy import coverage_lines

    reader = reader_with(())
    if options.export:
        try:
            (path,) = chosen(options.export).values()
        except (SuiteError, ValueError) as error:
            return refused("suites", error)
        sys.stdout.write(path.read_text(encoding="utf-8"))
        return 0
    suites = [
        reader.read(path, shown=path.name, root=path.parent) for path in shipped_suites().values()
    ]
    if options.taxonomy:
        sys.stdout.write("".join(f"{line}\n" for line in coverage_lines(suites)))
        return 0
    for suite in suites:
        benign = sum(case.benign for case in suite.cases)
        counted = f"{len(suite.cases) - benign:>3} cases, {benign:>3} benign"
        sys.stdout.write(f"{suite.name:<22} {counted}  {suite.description}\n")
    return 0


def _freeze(options: argparse.Namespace) -> int:
    from pytest_litmus.capture.cassette_file import write
    from pytest_litmus.errors import LitmusError
    from pytest_litmus.suites.freezing import frozen

    if not options.out.name.endswith(".llm.yaml"):
        return refused("freeze", f"--out {options.out}: name it *.llm.yaml, as pytest collects it")
    try:
        suite = reader_with(()).read(
            options.suite, shown=options.suite, root=root_of(options.suite)
        )
        text, left_out = frozen(suite)
    except LitmusError as error:
        return refused("freeze", error)
    write(options.out, text)
    sys.stdout.write("".join(f"left out: {told}\n" for told in left_out))
    sys.stdout.write(f"{options.out} written\n")
    return 0


def _generate(options: argparse.Namespace) -> int:
    from pytest_litmus.capture.cassette_file import write
    from pytest_litmus.endpoint import Endpoint
    from pytest_litmus.errors import LitmusError
    from pytest_litmus.suites.generating import Wanted, drafted

    if not options.out.name.endswith(".draft.yaml"):
        return refused("generate", f"--out {options.out}: name it *.draft.yaml, to be read first")
    about = options.about
    try:
        if about.startswith("@"):
            about = Path(about[1:]).read_text(encoding="utf-8")
        wanted = Wanted(
            about=about,
            target=options.target,
            families=tuple(name for name in options.families.split(",") if name),
            cases=options.cases,
        )
        endpoint = Endpoint(
            base_url=options.base_url, model=options.model, api_key_env=options.api_key_env
        )
        text, told = drafted(wanted, endpoint.ask, model=options.model)
    except (LitmusError, OSError, UnicodeError) as error:
        return refused("generate", error)
    write(options.out, text)
    sys.stdout.write("".join(f"{line}\n" for line in told))
    sys.stdout.write(
        f"{options.out} written: read it, and rename it to *.llm.yaml; litmus check looks at it\n"
    )
    return 0
