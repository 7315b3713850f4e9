"""What can go wrong in custody.

ArchiveError
├── NotFoundError            no such record or object
├── RetentionError           the act would remove something before its time
├── ConflictError            the same key or identity holds something else
├── IntegrityError           stored bytes are not what they were
├── StoreUnavailableError    the object store or the catalog does not answer; a retry can help
├── QueryError               a search expression that cannot be understood
└── SettingsError            a setting that is missing or makes no sense

Every error speaks Chinese and English, names what it is about and says what to do next.
"""

from typing import ClassVar


class ArchiveError(Exception):
    """Root of all errors of custody. ``zh`` and ``en`` are complete sentences for people."""

    code: ClassVar[str] = "archive-error"
    retry_can_help: ClassVar[bool] = False

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(en)
        self.zh = zh
        self.en = en


class NotFoundError(ArchiveError):
    """No such record or object."""

    code = "not-found"


class RetentionError(ArchiveError):
    """The act would remove or shorten something before its retention has ended."""

    code = "retention"


class ConflictError(ArchiveError):
    """The same key or invoice identity already holds something else."""

    code = "conflict"


class IntegrityError(ArchiveError):
    """Stored bytes are not what they were when they were stored."""

    code = "integrity"


class StoreUnavailableError(ArchiveError):
    """The object store or the catalog does not answer."""

    code = "store-unavailable"
    retry_can_help = True


class QueryError(ArchiveError):
    """A search expression that cannot be understood."""

    code = "query"


class SettingsError(ArchiveError):
    """A setting that is missing or makes no sense."""

    code = "settings"
