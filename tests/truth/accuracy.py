"""Accuracy: the errors of the detectors that suites rest on, as `suites/accuracy.json` has them."""

from __future__ import annotations

import json

from tests.truth.measure_refusal import on_topic


def accuracy_text() -> str:
    """The file's text, measured."""
    measured = on_topic()
    told = {measured.name: {"data": measured.data, **measured.errors}}
    return json.dumps(told, indent=1) + "\n"
