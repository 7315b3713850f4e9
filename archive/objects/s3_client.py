"""The connection to an S3 server, and its errors in the words of the port."""

from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPException
from ipaddress import ip_address
from urllib.parse import urlsplit
from xml.etree.ElementTree import ParseError

import urllib3
from minio import Minio
from minio.error import MinioException, S3Error
from urllib3.util import Retry, Timeout

from archive.errors import StoreUnavailableError
from archive.objects import refusals

_ABSENT = frozenset({"NoSuchKey", "NoSuchVersion"})
_FULL = frozenset({"QuotaExceeded", "InsufficientStorage", "InsufficientStorageSpace", "XMinioStorageFull"})
_CREDENTIALS = frozenset({"AccessDenied", "InvalidAccessKeyId", "SignatureDoesNotMatch", "RequestTimeTooSkewed"})
_CONNECTIONS = 64
_PASSING = (500, 502, 503, 504)
"""Statuses that the S3 protocol asks clients to try again on (``InternalError``, ``SlowDown``, ``ServiceUnavailable``):
https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html"""


def connect(
    endpoint: str,
    access_key: str,
    secret_key: str,
    region: str,
    *,
    plain_http: bool = False,
    connect_seconds: float = 5,
    read_seconds: float = 30,
    retries: int = 3,
) -> Minio:
    """A client for ``https://host[:port]``; certificates are always verified, against the system's authorities.

    ``http://`` is taken for the own machine only, unless ``plain_http`` says that the network in between is trusted.
    Requests that can be repeated without harm are, ``retries`` times. Raises ValueError for what is no such address.
    """
    address = urlsplit(endpoint)
    shown = endpoint.rpartition("@")[2][:200]
    if address.scheme not in ("https", "http") or not address.hostname or address.path.strip("/") or address.query:
        raise ValueError(f"not an S3 address (https://host[:port]): {shown!r}")
    if address.scheme == "http" and not plain_http and not _is_own_machine(address.hostname):
        raise ValueError(f"{shown!r} would send invoices and keys unencrypted; use https")
    pool = urllib3.PoolManager(
        maxsize=_CONNECTIONS,
        timeout=Timeout(connect=connect_seconds, read=read_seconds),
        cert_reqs="CERT_REQUIRED",
        retries=Retry(
            total=retries,
            backoff_factor=0.2,
            status_forcelist=_PASSING,
            # POST begins and ends multipart uploads: repeating one would leave uploads behind or miss the first answer.
            allowed_methods={"GET", "HEAD", "PUT", "DELETE"},
            raise_on_status=False,
            respect_retry_after_header=False,
        ),
    )
    return Minio(
        address.netloc,
        access_key,
        secret_key,
        secure=address.scheme == "https",
        region=region,
        http_client=pool,
    )


@contextmanager
def trouble(key: str) -> Iterator[None]:
    """Errors of client, server and network, in the words of the port. ``key`` is the object or bucket it is about."""
    try:
        yield
    except S3Error as error:
        if error.code in _ABSENT:
            raise refusals.not_found(key) from error
        raise _refused(key, error) from error
    except (MinioException, urllib3.exceptions.HTTPError, HTTPException, OSError, ParseError) as error:
        raise StoreUnavailableError(
            f"对象存储没有正常应答（{key}：{type(error).__name__}）；请检查网络与存储服务，稍后重试。",
            f"The object storage does not answer ({key}: {type(error).__name__}); check network and storage service "
            "and try again later.",
        ) from error


def _refused(key: str, error: S3Error) -> StoreUnavailableError:
    if error.code in _FULL:
        return StoreUnavailableError(
            f"对象存储已满或超出配额，{key} 未能写入；请扩容后重试。",
            f"The object storage is full or over quota and {key} was not written; add space and try again.",
        )
    if error.code in _CREDENTIALS:
        return StoreUnavailableError(
            f"对象存储拒绝了请求（{key}：{error.code}）；请检查密钥、权限策略与本机时钟后重试。",
            f"The object storage refused ({key}: {error.code}); check key, bucket policy and this machine's clock.",
        )
    return StoreUnavailableError(
        f"对象存储未能完成请求（{key}：{error.code}）；请检查存储服务，稍后重试。",
        f"The object storage could not do it ({key}: {error.code}); check the storage service and try again later.",
    )


def _is_own_machine(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
