"""Time-stamp authorities (RFC 3161): a third party's word that a head existed at a moment. Only if configured."""

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import httpx
from cryptography.x509 import Certificate, load_pem_x509_certificates
from rfc3161_client import (
    TimestampRequestBuilder,
    TimeStampResponse,
    VerificationError,
    VerifierBuilder,
    decode_timestamp_response,
)
from rfc3161_client.base import HashAlgorithm

from archive.errors import NotFoundError, StoreUnavailableError

_SECONDS = 30.0
_GRANTED = 0


class Authority:
    """``roots`` are the certificates that the authority's own must lead to."""

    def __init__(self, url: str, roots: Sequence[Certificate]) -> None:
        self._url = url
        self._roots = tuple(roots)

    def stamped(self, message: bytes) -> bytes:
        """The authority's answer, DER as it came. Raises StoreUnavailableError for none, or one not in order."""
        request = TimestampRequestBuilder().data(message).hash_algorithm(HashAlgorithm.SHA256).build()
        headers = {"Content-Type": "application/timestamp-query", "Accept": "application/timestamp-reply"}
        try:
            answer = httpx.post(self._url, content=request.as_bytes(), headers=headers, timeout=_SECONDS)
            answer.raise_for_status()
            verified(answer.content, message, self._roots, request.nonce)
        except (httpx.HTTPError, httpx.InvalidURL, ValueError) as error:
            name, reason = _without_secrets(self._url), _reason(error)
            raise StoreUnavailableError(
                f"时间戳服务 {name} 未给出有效时间戳（{reason}）；稍后将再试。",
                f"The time-stamp authority {name} gave no valid time stamp ({reason}); it will be asked again.",
            ) from error
        return answer.content


def verified(token: bytes, message: bytes, roots: Sequence[Certificate], nonce: int | None = None) -> datetime:
    """The moment that an answer confirms for a message. Raises ValueError where it does not, or where its certificate
    does not lead to one of the roots."""
    response = _decoded(token)
    builder = VerifierBuilder(roots=list(roots), nonce=nonce)
    try:
        builder.build().verify_message(response, message)
    except VerificationError as error:
        raise ValueError(str(error)) from error
    return response.tst_info.gen_time.astimezone(UTC)


def certificates(path: Path) -> list[Certificate]:
    """Raises NotFoundError for a file without certificates."""
    try:
        return load_pem_x509_certificates(path.read_bytes())
    except (OSError, ValueError) as error:
        raise NotFoundError(
            f"{path} 中没有 PEM 证书；请检查时间戳服务的根证书文件。",
            f"There are no PEM certificates in {path}; look at the file of the time-stamp authority's roots.",
        ) from error


def _without_secrets(url: str) -> str:
    """Paid authorities are asked with a name and a password, or a token, in the address."""
    return url.partition("?")[0].rpartition("@")[2]


def _reason(error: Exception) -> str:
    """The HTTP client's own sentences repeat the whole address."""
    if isinstance(error, httpx.HTTPStatusError):
        return f"HTTP {error.response.status_code}"
    return str(error) if isinstance(error, ValueError) else type(error).__name__


def _decoded(token: bytes) -> TimeStampResponse:
    try:
        response = decode_timestamp_response(token)
    except ValueError as error:
        raise ValueError("not a time stamp") from error
    if response.status != _GRANTED:
        raise ValueError(f"the time stamp was refused with status {response.status}")
    return response
