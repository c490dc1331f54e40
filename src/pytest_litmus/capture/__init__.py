"""Stage 1: HTTP traffic, or a cassette, to exchanges."""
