"""Readers of logs, one format a file: what each knows, and the calls in one of its records."""
