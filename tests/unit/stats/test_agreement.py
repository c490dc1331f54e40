from __future__ import annotations

import pytest

from pytest_litmus.stats.agreement import cohen_kappa, fleiss_kappa, krippendorff_alpha


def test_cohens_kappa_is_agreement_beyond_chance():
    first = [1] * 25 + [0] * 25
    second = [1] * 20 + [0] * 5 + [1] * 10 + [0] * 15

    assert cohen_kappa(first, second) == pytest.approx(0.4)
    assert cohen_kappa(first, first) == 1


def test_cohens_kappa_of_one_label_alone_is_not_known():
    assert cohen_kappa([1, 1], [1, 1]) is None


@pytest.mark.parametrize("second", [[], [1], [1, 2, 3]])
def test_cohens_kappa_needs_as_many_ratings_of_both(second):
    with pytest.raises(ValueError, match="as many ratings"):
        cohen_kappa([1, 1] if second else [], second)


def test_fleiss_kappa_is_that_of_the_textbook():
    """The worked example of the literature: 10 items, 14 raters, 5 labels, kappa 0.21."""
    counts = [
        "00005",
        "02642",
        "00356",
        "03920",
        "22811",
        "77000",
        "32630",
        "25322",
        "65210",
        "02237",
    ]
    counts[0] = "0000e"
    items = [
        [label for label, count in enumerate(row) for _ in range(int(count, 16))] for row in counts
    ]

    assert fleiss_kappa(items) == pytest.approx(0.210, abs=1e-3)


@pytest.mark.parametrize("items", [[], [[1]], [[1, 2], [1]]])
def test_fleiss_kappa_needs_as_many_ratings_of_each_item(items):
    with pytest.raises(ValueError, match="Fleiss"):
        fleiss_kappa(items)


def test_krippendorffs_alpha_takes_missing_ratings():
    """The worked example of Krippendorff (2011), section C: four observers, 12 units."""
    units = [[1, 1, 1], [2, 2, 3, 2], [3] * 4, [3] * 4, [2] * 4, [1, 2, 3, 4], [4] * 4,
             [1, 1, 2, 1], [2] * 4, [5] * 3, [1, 1], [3]]  # fmt: skip

    assert krippendorff_alpha(units) == pytest.approx(0.743, abs=1e-3)
    assert krippendorff_alpha(units, level="interval") == pytest.approx(0.849, abs=1e-3)


def test_krippendorffs_alpha_of_one_value_alone_is_not_known():
    assert krippendorff_alpha([[1, 1], [1]]) is None
