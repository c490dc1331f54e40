from __future__ import annotations

import pytest

from pytest_litmus.evaluators.packages import only_known_packages

KNOWN = ["numpy", "requests", "react", "PyYAML", "scikit-learn"]


@pytest.mark.parametrize(
    ("text", "unknown"),
    [
        ("import os, numpy as np, ghostlib.sub", ["ghostlib"]),
        ("from ghostlib.a import b", ["ghostlib"]),
        ("const a = require('@acme/ghost/x')", ["@acme/ghost"]),
        ("pip install -U requests 'ghost-lib[x]==1.0'", ["ghost-lib"]),
        ("npm i -D @x/ghost react", ["@x/ghost"]),
    ],
)
def test_an_unknown_package_is_named(text, unknown):
    score = only_known_packages(text, known=KNOWN).score
    assert [found.text for found in score.evidence] == unknown
    assert [text[found.start : found.end] for found in score.evidence] == unknown


@pytest.mark.parametrize(
    "text",
    [
        "No code at all, from here on: import nothing more.",
        "import yaml\nfrom sklearn.svm import SVC\nfrom . import mine",
        "```python\nimport json\n```\nimport ghostlib",
        "```js\nimport React from 'react'\nimport fs from 'node:fs'\nimport a from './a'\n```",
    ],
)
def test_known_packages_builtin_modules_and_prose_are_none(text):
    assert only_known_packages(text, known=KNOWN)
