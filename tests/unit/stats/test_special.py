from __future__ import annotations

import pytest
from scipy import special, stats

from pytest_litmus.stats.special import (
    incomplete_beta,
    last_where,
    log_beta,
    student_t,
    upper_gamma,
)

SIZES = (0.5, 1, 2.5, 10, 300, 20_000)


@pytest.mark.parametrize("a", SIZES)
@pytest.mark.parametrize("b", SIZES)
def test_the_incomplete_beta_function_is_that_of_scipy(a, b):
    middle = a / (a + b)

    for x in (0.0, 1e-6, middle / 2, middle * 0.99, middle, (1 + middle) / 2, 1 - 1e-6, 1.0):
        expected = special.betainc(a, b, x)
        assert incomplete_beta(a, b, x) == pytest.approx(expected, rel=1e-8, abs=1e-11)
    assert log_beta(a, b) == pytest.approx(special.betaln(a, b), rel=1e-9, abs=1e-9)


@pytest.mark.parametrize("a", SIZES)
def test_the_upper_gamma_function_is_that_of_scipy(a):
    for x in (0.0, 1e-6, a / 2, a * 0.99, a, a + 1.01, 2 * a, a + 200):
        expected = special.gammaincc(a, x)
        assert upper_gamma(a, x) == pytest.approx(expected, rel=1e-8, abs=1e-11)


@pytest.mark.parametrize("freedom", [1, 2, 7, 50, 4_000])
@pytest.mark.parametrize("confidence", [0.5, 0.9, 0.95, 0.999])
def test_students_t_is_that_of_scipy(freedom, confidence):
    expected = stats.t.ppf((1 + confidence) / 2, freedom)

    assert student_t(freedom, confidence) == pytest.approx(expected, rel=1e-9)


def test_the_last_point_is_found_to_the_last_digit():
    assert last_where(lambda x: x * x <= 2, 0.0, 2.0) == pytest.approx(2**0.5, rel=1e-15)
    assert last_where(lambda x: x <= 1e-9, 0.0, 1.0) == pytest.approx(1e-9, rel=1e-15)
    assert last_where(lambda _: False, 0.0, 1.0) == pytest.approx(0.0, abs=1e-25)
