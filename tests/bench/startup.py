"""What the plugin costs a run that does not use it, in CPU: `python -m tests.bench.startup`."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

ROUNDS = 15
TIMED = """
import sys, time, pytest
status = pytest.main(sys.argv[1:])
print("cpu", time.process_time(), file=sys.stderr)
sys.exit(status)
"""


def main() -> None:
    """Print the CPU time of `pytest --co` with the plugin and without it, in turns.

    No other plugin is loaded, and the least of all rounds counts: whatever else the machine does
    only adds to a round.
    """
    with tempfile.TemporaryDirectory() as folder:
        test = Path(folder) / "test_nothing.py"
        test.write_text("def test_nothing(): pass\n", encoding="utf-8")
        rounds = [(_cpu_ms(test), _cpu_ms(test, "-p", "litmus")) for _ in range(ROUNDS)]
    without, with_it = (min(times) for times in zip(*rounds, strict=True))
    sys.stdout.write(
        f"pytest --co: {without:.1f} ms of CPU without the plugin, {with_it:.1f} ms with it: "
        f"{with_it - without:.1f} ms more (the least of {ROUNDS} rounds)\n"
    )


def environment(folder: Path) -> dict[str, str]:
    """Ours, but with compiled modules kept, as they are where people work."""
    kept = {name: text for name, text in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    compiled = str(folder / "compiled")
    return kept | {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "PYTHONPYCACHEPREFIX": compiled}


def _cpu_ms(test: Path, *options: str) -> float:
    command = [sys.executable, "-c", TIMED, "--co", "-q", "-p", "no:cacheprovider", *options]
    done = subprocess.run(
        [*command, str(test)],
        capture_output=True,
        text=True,
        cwd=test.parent,
        env=environment(test.parent),
        check=True,
    )
    (line,) = (text for text in done.stderr.splitlines() if text.startswith("cpu "))
    return float(line.removeprefix("cpu ")) * 1000


if __name__ == "__main__":
    main()
