"""History: many runs in one SQLite file: trends, flaky tests, time to fix and cost over time."""
