"""The exceptions of pytest-litmus.

BaseException
+-- CaptureStop                 ends a request on purpose: neither an SDK's retry loop nor an
    |                           `except Exception` of the program may swallow it
    +-- CassetteMiss            no recorded exchange answers this request
    +-- RecordingEnds           the program reads on where the recorded stream was abandoned
    +-- BudgetRefusal           the call could break the session's budget
    +-- UnguardedConnection     a stack that is not captured reaches for a model
    +-- OrphanCall              a call from a thread or task that outlived its test
Exception
+-- LitmusError
    +-- CassetteError           a cassette cannot be read, or may not be written
        +-- SecretFound         the text about to be written holds a secret
    +-- EndpointBusy            an endpoint asks to come back later
    +-- PolicyError             a gate's policy cannot be read
    +-- PriceFileError          a price file cannot be read
    +-- ReportError             a stored report cannot be read
    +-- SuiteError              a suite, or a file that it names, cannot be read
    +-- TargetError             the target of a suite cannot be found or asked
        +-- TargetTakesLess     it takes no conversation, or no tools, and a case has them
"""

from __future__ import annotations


class CaptureStop(BaseException):
    """Ends a request on purpose."""


class CassetteMiss(CaptureStop):
    """No recorded exchange answers this request."""


class RecordingEnds(CaptureStop):
    """The program reads on where the recorded stream was abandoned by its reader."""


class BudgetRefusal(CaptureStop):
    """The call could break the session's budget, so it was not made."""


class UnguardedConnection(CaptureStop):
    """A stack that is not captured reaches for a model while nothing may."""


class OrphanCall(CaptureStop):
    """A model call from a thread or task that outlived its test."""


class LitmusError(Exception):
    """Base of the ordinary errors."""


class CassetteError(LitmusError):
    """A cassette cannot be read, or may not be written."""


class SecretFound(CassetteError):  # noqa: N818 - it names what happened
    """The text about to be written to disk holds a secret; nothing was written."""


class EndpointBusy(LitmusError):  # noqa: N818 - it names what happened
    """An endpoint asks to come back later."""

    def __init__(self, message: str, *, retry_after_s: float | None) -> None:
        super().__init__(message)
        self.retry_after_s = retry_after_s
        """Seconds, if it said so."""


class PolicyError(LitmusError):
    """A gate's policy cannot be read, or does not fit the reports."""


class PriceFileError(LitmusError):
    """A price file cannot be read."""


class ReportError(LitmusError):
    """A stored report cannot be read, or does not fit another."""


class SuiteError(LitmusError):
    """A suite, or a file that it names, cannot be read; each line names a mistake.

    Args:
        message: What is wrong, with file and line.
        line: The first mistake's, from 1 on.
    """

    def __init__(self, message: str, *, line: int = 1) -> None:
        super().__init__(message)
        self.line = line


class TargetError(LitmusError):
    """The target of a suite cannot be found or asked."""


class TargetTakesLess(TargetError):  # noqa: N818 - it names what is the matter
    """The target takes no conversation, or no tools, and a case has them."""
