"""Stage 3: outputs to scores; one family of evaluators a file.

An evaluator is a function: `similar(answer, reference)` gives a `Score` with its evidence, and
with a limit, `similar(answer, reference, at_least=0.8)`, a `Verdict` whose truth is the outcome.
Where one value is plainly the good one (`refuses(answer)`), that is the limit unless another is
given. All take a text, a `Call`, a message, a dict or the pieces of a stream, work offline, and
give the same answer each time. How often each is right is measured by `tests/truth`, and published
in `docs/evaluators.md`.
"""
