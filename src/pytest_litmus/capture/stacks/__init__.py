"""The HTTP libraries, one a file: each hands its requests to `routing.begin` and feeds the tape."""
