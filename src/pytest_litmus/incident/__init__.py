"""Incident: what changed between two runs, and a post-mortem that says so, to be filled in."""
