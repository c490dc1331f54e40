"""Compare: a run with an earlier one, test by test, by what the numbers can show."""
