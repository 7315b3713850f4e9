"""The inbox: a file is accepted once its bytes are stored, read back and hashed, and its row is committed."""

import hashlib
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import IO, BinaryIO, Protocol

from archive.model.digest import Digest
from ingest.errors import NotAcceptedError
from ingest.model.document import Arrival, Document, DocumentState, Receipt

CHUNK = 1 << 20
_KEPT_IN_MEMORY = 8 << 20


class Listed(Protocol):
    @property
    def key(self) -> str: ...


class Store(Protocol):
    """The object store, as far as the inbox needs it."""

    def put(self, key: str, chunks: Iterable[bytes]) -> object: ...

    def open(self, key: str) -> AbstractContextManager[BinaryIO]: ...

    def list(self, prefix: str = "") -> Iterator[Listed]: ...

    def delete(self, key: str, today: date) -> None: ...


class Register(Protocol):
    """The ledger, as far as the inbox needs it."""

    def register(self, arrival: Arrival, digest: Digest, size: int, media_type: str, now: datetime) -> Receipt: ...

    def by_digest(self, digest: Digest) -> Document | None: ...


def key_of(digest: Digest) -> str:
    """Where a document's bytes lie in the inbox."""
    return f"{digest.hex[:2]}/{digest.hex}"


class Inbox:
    """Accepts documents. ``media_type`` names the type of bytes by their content, None for types that nobody reads;
    ``spool`` is a folder for what is still arriving; ``max_bytes`` bounds one file.
    """

    def __init__(
        self,
        store: Store,
        ledger: Register,
        media_type: Callable[[bytes], str | None],
        spool: Path,
        max_bytes: int,
    ) -> None:
        self._store = store
        self._ledger = ledger
        self._media_type = media_type
        self._spool = spool
        self.max_bytes = max_bytes

    def accept(self, arrival: Arrival, chunks: Iterable[bytes]) -> Receipt:
        """Take a file. On return its bytes are durable and its row is committed; before that nothing is promised.

        Bytes that have arrived before give the first receipt again. Raises NotAcceptedError where the file is empty,
        too large or of no supported type, ArchiveError where it cannot be stored.
        """
        with tempfile.SpooledTemporaryFile(_KEPT_IN_MEMORY, dir=str(self._spool)) as spool:
            digest, size = self._receive(arrival, chunks, spool)
            spool.seek(0)
            media_type = self._media_type(spool.read())
            if media_type is None:
                raise _not_accepted(
                    "TYPE-UNKNOWN",
                    arrival,
                    "不是支持的格式；请提供 PDF、OFD、XML、ZIP、JPEG、PNG、TIFF、WebP、HEIC 或 AVIF 文件；"
                    "其他图片请先转换为 JPEG 或 PNG。",
                    "is of no supported type; send PDF, OFD, XML, ZIP, JPEG, PNG, TIFF, WebP, HEIC or AVIF; "
                    "convert other pictures to JPEG or PNG first.",
                )
            known = self._ledger.by_digest(digest)
            if known is None or known.state is not DocumentState.FILED:
                spool.seek(0)
                self._store.put(key_of(digest), _chunks(spool))
            return self._ledger.register(arrival, digest, size, media_type, datetime.now(UTC))

    def _receive(self, arrival: Arrival, chunks: Iterable[bytes], spool: IO[bytes]) -> tuple[Digest, int]:
        running, size = hashlib.sha256(), 0
        for chunk in chunks:
            size += len(chunk)
            if size > self.max_bytes:
                limit = f"{self.max_bytes >> 20} MB"
                raise _not_accepted(
                    "FILE-TOO-LARGE",
                    arrival,
                    f"超过 {limit} 的上限；请拆分后再提交。",
                    f"is larger than {limit}; split it and send the parts.",
                )
            running.update(chunk)
            spool.write(chunk)
        if size == 0:
            raise _not_accepted(
                "FILE-EMPTY", arrival, "是空文件；请重新导出或扫描后再提交。", "is empty; export or scan it again."
            )
        return Digest("sha256:" + running.hexdigest()), size

    def open(self, digest: Digest) -> AbstractContextManager[BinaryIO]:
        return self._store.open(key_of(digest))

    def release(self, digest: Digest) -> None:
        """Forget the bytes of a filed document; the vault holds them now."""
        self._store.delete(key_of(digest), datetime.now(UTC).date())

    def recover(self) -> int:
        """Bring inbox and ledger together after a crash; returns how many documents were found without a row.

        Bytes without a row were never acknowledged, but they are whole: they are taken in, so that nothing is lost.
        Bytes of a filed document are released.
        """
        found = 0
        for listed in list(self._store.list()):
            digest = Digest("sha256:" + listed.key.rpartition("/")[2])
            known = self._ledger.by_digest(digest)
            if known is None:
                with self._store.open(listed.key) as stream:
                    self.accept(Arrival(f"recovered-{digest.hex[:8]}", "", "recovery", "piaoku", ""), _chunks(stream))
                found += 1
            elif known.state is DocumentState.FILED:
                self.release(digest)
        return found


def _chunks(stream: IO[bytes]) -> Iterator[bytes]:
    return iter(lambda: stream.read(CHUNK), b"")


def _not_accepted(code: str, arrival: Arrival, zh: str, en: str) -> NotAcceptedError:
    return NotAcceptedError(code, f"“{arrival.file_name}”{zh}", f"“{arrival.file_name}” {en}")
