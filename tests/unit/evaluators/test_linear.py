from __future__ import annotations

import json
from pathlib import Path

import pytest

from pytest_litmus.evaluators import linear
from pytest_litmus.evaluators.linear import Linear, bucket, model


def test_a_likelihood_rises_with_the_weight_of_a_feature_that_counts_once() -> None:
    weights = [0] * 64
    weights[bucket("no", 64)] = 100
    small = Linear(0.0, 0.01, weights)
    assert small.likelihood([]) == 0.5
    assert small.likelihood(["no"]) == small.likelihood(["no", "no"]) > 0.7


def test_a_bucket_takes_any_text() -> None:
    assert 0 <= bucket("\ud800", 64) < 64


@pytest.mark.parametrize(
    ("change", "told"), [({"version": 0}, "version"), ({"crc32": 0}, "damaged")]
)
def test_a_file_that_is_not_ours_is_refused(
    change: dict[str, int], told: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = json.loads(Path(linear.__file__).with_name("refusal.json").read_text(encoding="utf-8"))
    (tmp_path / "changed.json").write_text(json.dumps(kept | change), encoding="utf-8")
    monkeypatch.setattr(linear, "__file__", str(tmp_path / "linear.py"))
    with pytest.raises(ValueError, match=told):
        model("changed")
