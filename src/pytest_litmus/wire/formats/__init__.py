"""The wire formats, and what only the formats of one provider share; see `pytest_litmus.wire`."""
