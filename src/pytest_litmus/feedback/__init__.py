"""Feedback: ratings of people, from their files to the report of the run that they speak of."""
