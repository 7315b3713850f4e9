"""Start-up probe: is this bucket fit to be a vault, or an inbox? What a server claims is tried, not believed."""

import io
from datetime import UTC, datetime, timedelta

from minio import Minio
from minio.commonconfig import COMPLIANCE, GOVERNANCE
from minio.error import S3Error
from minio.retention import Retention

from archive.errors import RetentionError, StoreUnavailableError
from archive.objects.s3_client import trouble

_PROBE = ".probe"
"""No key of an object begins with a dot, so no listing shows it."""

_PROBE_LASTS = timedelta(minutes=10)
_NO_CONFIGURATION = "ObjectLockConfigurationNotFoundError"


def require_vault(client: Minio, bucket: str) -> None:
    """Raises RetentionError where the bucket does not keep versions, has no Object Lock with a default retention in
    COMPLIANCE mode, or lets a locked object be deleted; StoreUnavailableError where it does not answer.

    Leaves one object of a few bytes, locked for ten minutes in GOVERNANCE mode (the key ``.probe``).
    """
    _require_bucket(client, bucket)
    with trouble(bucket):
        if client.get_bucket_versioning(bucket).status != "Enabled":
            raise _unfit(bucket, "未开启版本控制", "keeps no versions")
        if _default_mode(client, bucket) != COMPLIANCE:
            raise _unfit(
                bucket,
                "未设置 COMPLIANCE 模式的默认保留期（Object Lock）",
                "has no Object Lock with a default retention in COMPLIANCE mode",
            )
        _try_to_delete_a_locked_object(client, bucket)


def require_inbox(client: Minio, bucket: str) -> None:
    """Raises RetentionError where what is deleted would stay: a document that is refused must not be kept for years."""
    _require_bucket(client, bucket)
    with trouble(bucket):
        if client.get_bucket_versioning(bucket).status == "Enabled":
            raise RetentionError(
                f"存储桶 {bucket} 开启了版本控制，不能用作收件箱；请另建一个不带版本控制的存储桶。",
                f"The bucket {bucket} keeps versions and cannot be the inbox; make another one without versioning.",
            )


def _require_bucket(client: Minio, bucket: str) -> None:
    with trouble(bucket):
        if not client.bucket_exists(bucket):
            raise StoreUnavailableError(
                f"对象存储中没有存储桶 {bucket}；请按 archive/objects/S3.md 创建。",
                f"The object storage has no bucket {bucket}; make it as archive/objects/S3.md says.",
            )


def _default_mode(client: Minio, bucket: str) -> str | None:
    try:
        return client.get_object_lock_config(bucket).mode
    except S3Error as error:
        if error.code != _NO_CONFIGURATION:
            raise
        return None


def _try_to_delete_a_locked_object(client: Minio, bucket: str) -> None:
    until = datetime.now(UTC) + _PROBE_LASTS
    put = client.put_object(bucket, _PROBE, io.BytesIO(b"probe"), 5, retention=Retention(GOVERNANCE, until))
    found = client.stat_object(bucket, _PROBE, version_id=put.version_id)
    if (found.metadata or {}).get("x-amz-object-lock-mode") != GOVERNANCE:
        raise _unfit(bucket, "没有锁定要求锁定的对象", "did not lock an object that was to be locked")
    try:
        client.remove_object(bucket, _PROBE, version_id=put.version_id)
    except S3Error as error:
        if error.code != "AccessDenied":
            raise
        return
    raise _unfit(bucket, "允许删除已锁定的对象", "lets a locked object be deleted")


def _unfit(bucket: str, zh: str, en: str) -> RetentionError:
    return RetentionError(
        f"存储桶 {bucket} {zh}，不能用作档案库；请按 archive/objects/S3.md 重新创建。",
        f"The bucket {bucket} {en} and cannot be the vault; make one as archive/objects/S3.md says.",
    )
