"""Taxonomy: stub"""

from __future__ import annotations


def coverage_lines(suites):
    return []
