"""`python -m tests.truth [FAMILY ...]` measures the evaluators and prints the table.

`python -m tests.truth --accuracy` prints what `suites/accuracy.json` holds.
"""

from __future__ import annotations

import sys

from tests.truth.measured import LABELLED, NOT_HERE
from tests.truth.table import collected, markdown

if not LABELLED.is_dir():
    sys.exit(NOT_HERE)
if "--accuracy" in sys.argv:
    from tests.truth.accuracy import accuracy_text

    sys.stdout.write(accuracy_text())
    sys.exit()
for line in markdown(collected(sys.argv[1:])):
    print(line, flush=True)  # noqa: T201 - the table is what was asked for
