"""Statistics: what numbers of a few runs can say, and what they cannot, with the standard library.

Each formula names its source. What cannot be said (too few values, no variation to measure by) is
None, never a number that looks like one. Nothing here knows of tests, calls or reports: counts and
sequences of numbers go in, small tuples come out.
"""
