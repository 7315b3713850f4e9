"""Objects in an S3 bucket. With Object Lock in COMPLIANCE mode the store itself refuses early deletion, to everybody.

Measured on Ceph RGW 16.2, and minded here: a multipart upload drops the lock that was asked for with it, so every lock
is read back by version id; ``If-None-Match`` is ignored on versioned buckets, so an object is looked for before it is
put; checksums in headers are neither kept nor compared, so the bytes are read back; listing versions costs ten times
what asking for one object does, so it is done only where something is missing. Keys are ASCII and there is no metadata.
"""

import hashlib
import io
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import groupby
from typing import TYPE_CHECKING, BinaryIO, cast

from minio import Minio
from minio.commonconfig import COMPLIANCE
from minio.error import S3Error
from minio.retention import Retention
from urllib3.response import BaseHTTPResponse

from archive.errors import NotFoundError
from archive.model.beijing import BEIJING
from archive.model.digest import Digest
from archive.objects import refusals
from archive.objects.s3_client import trouble
from archive.objects.store import Listed, Stat, Stored, require_key

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

PART = 16 << 20
"""Bytes sent in one request; larger objects are sent in parts, which cost six requests and lose their lock on Ceph."""

_CHUNK = 1 << 20
_ABANDONED_AFTER = timedelta(days=1)
_FRACTION = re.compile(r"\.\d+")
_MODE = "x-amz-object-lock-mode"
_UNTIL = "x-amz-object-lock-retain-until-date"
_HOLD = "x-amz-object-lock-legal-hold"


class S3Store:
    """See ``ObjectStore``. ``locks`` is False for a bucket without Object Lock and versions (the inbox): there nothing
    can be locked or held. The clock that ends a lock is the server's; ``delete`` only asks earlier."""

    def __init__(self, client: Minio, bucket: str, *, locks: bool = True) -> None:
        self._client = client
        self._bucket = bucket
        self._locks = locks

    @property
    def retention_enforced_by(self) -> str:
        return "object-lock" if self._locks else "application"

    def put(self, key: str, chunks: Iterable[bytes], until: date | None = None) -> Stored:
        require_key(key)
        there = self._visible(key)
        if there:
            version = there.version
            digest, size = Digest.of_chunks(chunks)
        else:
            source = _Source(chunks)
            version = self._upload(key, source, until)
            digest, size = source.digest()
        kept, lock = self._read_back(key, version)
        if kept != (digest, size):
            raise refusals.holds_other_bytes(key) if there else refusals.came_back_altered(key)
        if until is not None:
            self._ensure_lock(key, version, lock, until)
        return Stored(key, digest, size, created=there is None)

    @contextmanager
    def open(self, key: str) -> Iterator[BinaryIO]:
        require_key(key)
        body = self._body(key)
        try:
            yield cast(BinaryIO, io.BufferedReader(body, _CHUNK))
        finally:
            body.close()

    def stat(self, key: str) -> Stat:
        require_key(key)
        found = self._found(key)
        return Stat(key, found.size, found.lock.day, found.lock.on_hold, found.version, found.hidden)

    def list(self, prefix: str = "") -> Iterator[Listed]:
        with trouble(prefix or self._bucket):
            entries = self._client.list_objects(
                self._bucket, prefix=prefix, recursive=True, include_version=self._locks
            )
            # The newest version comes first. Delete markers are left out: what they hide is still an object.
            versions = (entry for entry in entries if not entry.is_delete_marker)
            for key, of_key in groupby(versions, key=lambda entry: entry.object_name or ""):
                if not key.startswith("."):
                    newest = next(of_key)
                    yield Listed(key, newest.size or 0, newest.last_modified or datetime.now(UTC))

    def lock_until(self, key: str, day: date) -> None:
        require_key(key)
        found = self._found(key)
        self._ensure_lock(key, found.version, found.lock, day)

    def hold(self, key: str) -> None:
        require_key(key)
        self._require_locks(key)
        version = self._found(key).version
        with trouble(key):
            self._client.enable_object_legal_hold(self._bucket, key, version_id=version)
        if not self._version(key, version).lock.on_hold:
            raise refusals.not_held(key)

    def release(self, key: str) -> None:
        require_key(key)
        found = self._found(key)
        if found.lock.on_hold:
            with trouble(key):
                self._client.disable_object_legal_hold(self._bucket, key, version_id=found.version)

    def restore(self, key: str, chunks: Iterable[bytes], digest: Digest) -> None:
        """The true bytes become the newest version; what lies below stays as locked as it is."""
        require_key(key)
        whole = b"".join(chunks)  # checked before they are sent: what is sent cannot be taken back
        if Digest.of(whole) != digest:
            raise refusals.not_the_bytes_of(key, digest)
        version = self._upload(key, _Source([whole]), None)
        if self._read_back(key, version)[0] != (digest, len(whole)):
            raise refusals.came_back_altered(key)

    def delete(self, key: str, today: date) -> None:
        require_key(key)
        versions = self._versions(key)
        if not versions:
            versions = ((self._found(key).version, False),)
        for version, is_marker in versions:
            if not is_marker:
                self._version(key, version).lock.require_free(key, today)
        for version, _ in versions:
            self._remove(key, version)

    def clear_unfinished(self) -> int:
        """Aborts multipart uploads that began more than a day ago: their parts cost space and are never listed."""
        before = datetime.now(UTC) - _ABANDONED_AFTER
        cleared = 0
        with trouble(self._bucket):
            # minio offers no public name for these two calls.
            for upload in self._client._list_multipart_uploads(self._bucket).uploads:
                if upload.initiated_time and upload.upload_id and upload.initiated_time < before:
                    self._client._abort_multipart_upload(self._bucket, upload.object_name, upload.upload_id)
                    cleared += 1
        return cleared

    def _upload(self, key: str, source: "_Source", until: date | None) -> str | None:
        lock = None
        if until is not None:
            self._require_locks(key)
            moment = _moment(until)
            # A day that has come cannot be asked for any more.
            lock = Retention(COMPLIANCE, moment) if moment > datetime.now(UTC) else None
        try:
            with trouble(key):
                written = self._client.put_object(
                    self._bucket,
                    key,
                    cast(BinaryIO, source),
                    -1,
                    part_size=PART,
                    num_parallel_uploads=1,
                    retention=lock,
                )
        except _SenderError as error:
            raise error.reason from None
        return written.version_id or self._version(key, None).version

    def _read_back(self, key: str, version: str | None) -> tuple[tuple[Digest, int], "_Lock"]:
        with trouble(key):
            response = self._client.get_object(self._bucket, key, version_id=version)
            try:
                return Digest.of_chunks(response.stream(_CHUNK)), _Lock.of(response.headers)
            finally:
                response.close()
                response.release_conn()

    def _ensure_lock(self, key: str, version: str | None, lock: "_Lock", day: date) -> None:
        """By version id, and read back: an answer of 200 is not yet a lock."""
        self._require_locks(key)
        moment = _moment(day)
        if lock.lasts_until(moment) or moment <= datetime.now(UTC):
            return
        with trouble(key):
            self._client.set_object_retention(self._bucket, key, Retention(COMPLIANCE, moment), version_id=version)
        if not self._version(key, version).lock.lasts_until(moment):
            raise refusals.not_locked(key, day)

    def _require_locks(self, key: str) -> None:
        if not self._locks:
            raise ValueError(f"nothing can be locked in a bucket without Object Lock: {key}")

    def _body(self, key: str) -> "_Body":
        try:
            return self._body_of(key, None)
        except NotFoundError:
            return self._body_of(key, self._under_marker(key).version)

    def _body_of(self, key: str, version: str | None) -> "_Body":
        with trouble(key):
            return _Body(key, self._client.get_object(self._bucket, key, version_id=version))

    def _found(self, key: str) -> "_Found":
        return self._visible(key) or self._under_marker(key)

    def _visible(self, key: str) -> "_Found | None":
        try:
            return self._version(key, None)
        except NotFoundError:
            return None

    def _version(self, key: str, version: str | None) -> "_Found":
        with trouble(key):
            found = self._client.stat_object(self._bucket, key, version_id=version)
            return _Found(found.version_id, found.size or 0, _Lock.of(found.metadata or {}))

    def _under_marker(self, key: str) -> "_Found":
        """Raises NotFoundError where no delete marker hides a version of the key."""
        for version, is_marker in self._versions(key):
            if not is_marker:
                found = self._version(key, version)
                return _Found(version, found.size, found.lock, hidden=True)
        raise refusals.not_found(key)

    def _versions(self, key: str) -> tuple[tuple[str | None, bool], ...]:
        """Version ids, the newest first, and whether each is a delete marker."""
        if not self._locks:
            return ()
        with trouble(key):
            entries = self._client.list_objects(self._bucket, prefix=key, recursive=True, include_version=True)
            return tuple((entry.version_id, entry.is_delete_marker) for entry in entries if entry.object_name == key)

    def _remove(self, key: str, version: str | None) -> None:
        with trouble(key):
            try:
                self._client.remove_object(self._bucket, key, version_id=version)
            except S3Error as error:
                if error.code != "AccessDenied":
                    raise
                raise refusals.deletion_not_allowed(key) from error


@dataclass(frozen=True, slots=True)
class _Lock:
    """What protects a version. Only COMPLIANCE counts: GOVERNANCE can be lifted."""

    until: datetime | None
    on_hold: bool

    @classmethod
    def of(cls, headers: Mapping[str, str]) -> "_Lock":
        stated = headers.get(_UNTIL) if headers.get(_MODE) == COMPLIANCE else None
        # Ceph writes nine decimals, which ``datetime`` does not read; no lock of ours depends on fractions.
        until = datetime.fromisoformat(_FRACTION.sub("", stated)) if stated else None
        return cls(until, headers.get(_HOLD) == "ON")

    @property
    def day(self) -> date | None:
        return self.until.astimezone(BEIJING).date() if self.until else None

    def lasts_until(self, moment: datetime) -> bool:
        return self.until is not None and self.until >= moment

    def require_free(self, key: str, today: date) -> None:
        if self.day is not None and today < self.day:
            raise refusals.locked(key, self.day)
        if self.on_hold:
            raise refusals.on_hold(key)


@dataclass(frozen=True, slots=True)
class _Found:
    version: str | None
    size: int
    lock: _Lock
    hidden: bool = False


class _SenderError(Exception):
    """What the sender of the chunks raised. It is not the store's trouble and reaches the caller as it was."""

    def __init__(self, reason: Exception) -> None:
        super().__init__(str(reason))
        self.reason = reason


class _Source:
    """The chunks as the file that minio wants to read from, hashed on the way."""

    def __init__(self, chunks: Iterable[bytes]) -> None:
        self._chunks = iter(chunks)
        self._rest = b""
        self._running = hashlib.sha256()
        self._size = 0

    def read(self, size: int) -> bytes:
        """Empty at the end only."""
        try:
            while not self._rest:
                self._rest = next(self._chunks)
        except StopIteration:
            return b""
        except Exception as error:
            raise _SenderError(error) from error
        taken, self._rest = self._rest[:size], self._rest[size:]
        self._running.update(taken)
        self._size += len(taken)
        return taken

    def digest(self) -> tuple[Digest, int]:
        return Digest(f"sha256:{self._running.hexdigest()}"), self._size


class _Body(io.RawIOBase):
    """An answer's bytes. A connection that breaks is an error, never an early end."""

    def __init__(self, key: str, response: BaseHTTPResponse) -> None:
        self._key = key
        self._response = response

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: "WriteableBuffer") -> int:
        view = memoryview(buffer)
        with trouble(self._key):
            content = self._response.read(len(view))
        view[: len(content)] = content
        return len(content)

    def close(self) -> None:
        if not self.closed:
            self._response.close()
            self._response.release_conn()
        super().close()


def _moment(day: date) -> datetime:
    """The first moment of a Beijing date."""
    return datetime.combine(day, time(), BEIJING)
