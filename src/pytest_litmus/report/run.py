"""Run: when, with what, of which revision and in which CI job the tests ran."""

from __future__ import annotations

import platform
import shutil
import subprocess
import uuid
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib import metadata
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit, urlunsplit

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

GIT_TIMEOUT_S = 5.0
CHOICE = ("suite", "target", "ab", "runs")
"""Options that say what is run, and against what."""
PART = ("id", "started_at", "duration_s", "exit_status", "ci")
"""What a merged report tells of each run that is a part of it."""

_PACKAGES = ("pytest", "pytest-litmus", "vcrpy", "genai-prices", "pytest-xdist")

# The system, the variable that only it sets, and its variables for the job's name, id and URL.
# Sources: each system's own list of predefined variables.
_CI_SYSTEMS = (
    ("github", "GITHUB_ACTIONS", "GITHUB_JOB", "GITHUB_RUN_ID", None),
    ("gitlab", "GITLAB_CI", "CI_JOB_NAME", "CI_JOB_ID", "CI_JOB_URL"),
    ("circleci", "CIRCLECI", "CIRCLE_JOB", "CIRCLE_BUILD_NUM", "CIRCLE_BUILD_URL"),
    ("azure", "TF_BUILD", "SYSTEM_JOBDISPLAYNAME", "BUILD_BUILDID", None),
    ("jenkins", "JENKINS_URL", "JOB_NAME", "BUILD_ID", "BUILD_URL"),
    ("other", "CI", "CI_JOB_NAME", "BUILD_ID", "BUILD_URL"),
)

# Where each system tells of the branch; of a merge request, the one that is to be merged first.
_BRANCHES = (
    "GITHUB_HEAD_REF",
    "GITHUB_REF_NAME",
    "CI_MERGE_REQUEST_SOURCE_BRANCH_NAME",
    "CI_COMMIT_BRANCH",
    "CIRCLE_BRANCH",
    "SYSTEM_PULLREQUEST_SOURCEBRANCH",
    "BUILD_SOURCEBRANCH",
    "CHANGE_BRANCH",
    "BRANCH_NAME",
)
_NOWHERE: Mapping[str, str] = {}


@dataclass(frozen=True, kw_only=True)
class Run:
    """One run of pytest."""

    id: str
    """Unique; see `new_run_id`."""
    started_at: datetime
    duration_s: float | None
    """Wall time; None where the end of a part is not known."""
    exit_status: int | None = None
    """pytest's; None where it is not known yet."""
    versions: Mapping[str, str] = field(default_factory=dict)
    git: Mapping[str, Any] | None = None
    """`revision`, `dirty` (None where git could not say) and `branch` (None where it is not known,
    missing in earlier reports); None outside of a repository."""
    ci: Mapping[str, Any] | None = None
    """`system`, `name`, `id` and `url` of the job; None outside of CI."""
    options: Mapping[str, Any] = field(default_factory=dict)
    """The `--llm-*` options in force."""
    merged_from: Sequence[Mapping[str, Any]] = ()
    """Of a merged report its shards, each as `PART` has it, `started_at` as text."""
    rescored_from: Mapping[str, Any] | None = None
    """Of a report that `litmus rescore` made, the run whose outputs were decided again, and how."""

    @classmethod
    def from_json(cls, line: Mapping[str, Any]) -> Run:
        """A report's `run`."""
        names = ("id", "duration_s", "exit_status", "versions", "git", "ci", "options")
        moment = datetime.fromisoformat(line["started_at"])
        parts = ({name: part[name] for name in PART} for part in line.get("merged_from", ()))
        given = {name: line[name] for name in names}
        rescored = line.get("rescored_from")
        return cls(started_at=moment, merged_from=tuple(parts), rescored_from=rescored, **given)


def new_run_id() -> str:
    """A UUID of version 7 (RFC 9562, section 5.7): ids sort by the time they were made."""
    milliseconds = int(datetime.now(UTC).timestamp() * 1000)
    number = uuid.uuid4().int & ~(((1 << 48) - 1) << 80) & ~(0xF << 76)
    return str(uuid.UUID(int=number | milliseconds << 80 | 0x7 << 76))


def versions() -> dict[str, str]:
    """The versions of Python and of the packages that decide what a run does."""
    return {"python": platform.python_version(), **_installed()}


def git_revision(folder: Path, environ: Mapping[str, str] = _NOWHERE) -> dict[str, Any] | None:
    """The commit that is checked out, whether tracked files differ from it, and its branch.

    Args:
        folder: In the repository.
        environ: Asked for the branch where none is checked out, as in many CI jobs.

    Returns:
        None where there is no git, no repository or no commit, or git took too long.
    """
    revision = _git(folder, "rev-parse", "--verify", "HEAD")
    if not revision:
        return None
    changes = _git(folder, "status", "--porcelain", "--untracked-files=no")
    return {
        "revision": revision,
        "dirty": None if changes is None else bool(changes),
        "branch": _git(folder, "symbolic-ref", "--quiet", "--short", "HEAD") or _branch(environ),
    }


def ci_job(environ: Mapping[str, str]) -> dict[str, Any] | None:
    """The CI job that the environment tells of, or None."""
    for system, marker, name, number, url in _CI_SYSTEMS:
        if environ.get(marker):
            address = _composed_url(system, environ) if url is None else environ.get(url)
            return {
                "system": system,
                "name": environ.get(name) or None,
                "id": environ.get(number) or None,
                "url": _without_credentials(address) if address else None,
            }
    return None


def _installed() -> dict[str, str]:
    found = {}
    for package in _PACKAGES:
        try:
            found[package] = metadata.version(package)
        except metadata.PackageNotFoundError:
            continue
    return found


def _branch(environ: Mapping[str, str]) -> str | None:
    names = [name for name in _BRANCHES if environ.get(name)]
    # A tag is no branch, and GitHub has one variable for both.
    if environ.get("GITHUB_REF_TYPE") == "tag":
        names = [name for name in names if name != "GITHUB_REF_NAME"]
    return environ[names[0]].removeprefix("refs/heads/") if names else None


def _git(folder: Path, *arguments: str) -> str | None:
    program = shutil.which("git")
    if program is None:
        return None
    # Without optional locks, so that a git command of the user at the same time is not refused.
    command = [program, "--no-optional-locks", "-C", str(folder), *arguments]
    try:
        done = subprocess.run(  # noqa: S603 - our own words, and no shell
            command,
            capture_output=True,
            text=True,
            errors="replace",
            timeout=GIT_TIMEOUT_S,
            check=False,
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return done.stdout.strip() if done.returncode == 0 else None


def _composed_url(system: str, environ: Mapping[str, str]) -> str | None:
    try:
        if system == "github":
            server, repository = environ["GITHUB_SERVER_URL"], environ["GITHUB_REPOSITORY"]
            return f"{server}/{repository}/actions/runs/{environ['GITHUB_RUN_ID']}"
        collection = environ["SYSTEM_TEAMFOUNDATIONCOLLECTIONURI"].rstrip("/")
        project = environ["SYSTEM_TEAMPROJECT"]
        return f"{collection}/{project}/_build/results?buildId={environ['BUILD_BUILDID']}"
    except KeyError:
        return None


def _without_credentials(url: str) -> str | None:
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    return urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2]))
