"""What can go wrong between arrival and filing.

IngestError
├── NotAcceptedError     refused at the door: the sender keeps the file (empty, too large, no supported type)
├── UnreadableError      accepted, but no reader can read it (encrypted, broken, beyond a limit); it stays, for a person
└── ReaderFailedError    the reader itself died or hung; another attempt can help

Every error carries a stable ``code`` and complete sentences in Chinese and English: what, and what to do next.
"""

from typing import ClassVar


class IngestError(Exception):
    """Root of all errors of intake."""

    retry_can_help: ClassVar[bool] = False

    def __init__(self, code: str, zh: str, en: str) -> None:
        super().__init__(f"{code}: {en}")
        self.code = code
        self.zh = zh
        self.en = en


class NotAcceptedError(IngestError):
    """Refused at the door."""


class UnreadableError(IngestError):
    """Accepted, but no reader can read it."""


class ReaderFailedError(IngestError):
    """The reader itself died or hung."""

    retry_can_help = True
