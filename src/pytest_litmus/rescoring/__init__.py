"""Rescoring: a stored run decided again, without one call of the program's model."""
