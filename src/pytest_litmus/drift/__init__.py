"""Drift: whether what a model is asked, and how it answers, is still as it was in a baseline."""
