"""The picture of the README: `make picture` runs the demo and draws what it ends with."""

from __future__ import annotations

import io
import os
import re
import subprocess
import sys
from pathlib import Path

from rich.console import Console
from rich.text import Text

COLUMNS = 84
HERE = Path(__file__).parent


def main() -> None:
    """Write `summary.svg` beside this file."""
    command = [sys.executable, "-m", "pytest", "example_suites", "--llm-report", "--color=yes"]
    environ = os.environ | {"COLUMNS": str(COLUMNS)}
    ran = subprocess.run(command, cwd=HERE.parent, env=environ, capture_output=True, check=True)  # noqa: S603
    lines = ran.stdout.decode().splitlines()
    begin = next(n for n, line in enumerate(lines) if re.search(r"=+ llm =+", line))
    console = Console(record=True, width=COLUMNS, file=io.StringIO(), force_terminal=True)
    for line in ["$ pytest example_suites --llm-report", *lines[begin:]]:
        console.print(Text.from_ansi(line), soft_wrap=True)
    picture = console.export_svg(title="pytest-litmus", unique_id="litmus")
    # rich names a web font; a picture should ask nobody for anything.
    picture = re.sub(r"@font-face \{.*?\}\s*", "", picture, flags=re.DOTALL)
    (HERE / "summary.svg").write_text(picture, encoding="utf-8")


if __name__ == "__main__":
    main()
