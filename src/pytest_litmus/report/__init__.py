"""Stage 5: what the tests did, to a report and a few lines in the terminal."""
