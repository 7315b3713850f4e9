"""Settings in, object stores out: which store keeps the vault, the second copy and the inbox."""

from pathlib import Path

import structlog
from minio import Minio
from pydantic import SecretStr

from archive.errors import SettingsError, StoreUnavailableError
from archive.objects import s3_probe
from archive.objects.filesystem import FilesystemStore
from archive.objects.mirror import MirrorStore
from archive.objects.s3 import S3Store
from archive.objects.s3_client import connect
from archive.objects.store import ObjectStore
from archive.settings import ArchiveSettings

_log = structlog.get_logger()


def open_vault(settings: ArchiveSettings, *, write: bool) -> ObjectStore:
    """The vault, with its second copy if there is one.

    With ``write`` the stores are tried first, what crashed writers left is cleared away, and the second copy starts to
    follow. Raises SettingsError where a setting is missing or makes no sense, RetentionError where a bucket is not fit
    to be a vault, StoreUnavailableError where the first store does not answer.
    """
    vault = _first_copy(settings, write)
    if write:
        vault.clear_unfinished()
    if settings.mirror == "none":
        return vault
    mirrored = MirrorStore(vault, _second_copy(settings, write))
    if write:
        mirrored.follow()
    return mirrored


def open_inbox(settings: ArchiveSettings, *, write: bool) -> ObjectStore:
    """The inbox: a bucket where one is named, else a folder. Raises as ``open_vault``."""
    inbox = _inbox(settings, write)
    if write:
        inbox.clear_unfinished()
    return inbox


def _first_copy(settings: ArchiveSettings, write: bool) -> ObjectStore:
    if settings.store == "filesystem":
        return FilesystemStore(settings.data.absolute() / "vault")
    client, bucket = _store_client(settings), _named(settings.vault_bucket, "PIAOKU_VAULT_BUCKET")
    if write:
        s3_probe.require_vault(client, bucket)
    return S3Store(client, bucket)


def _inbox(settings: ArchiveSettings, write: bool) -> ObjectStore:
    if not settings.inbox_bucket:
        return FilesystemStore(settings.data.absolute() / "inbox")
    client = _store_client(settings)
    if write:
        s3_probe.require_inbox(client, settings.inbox_bucket)
    return S3Store(client, settings.inbox_bucket, locks=False)


def _second_copy(settings: ArchiveSettings, write: bool) -> ObjectStore:
    if settings.mirror == "filesystem":
        folder = settings.mirror_folder
        # Never made by us: a folder that is missing may be a disk that is not mounted.
        if folder is None or not folder.is_dir():
            raise SettingsError(
                "第二副本的目录不存在；请挂载磁盘、建立目录，并设置 PIAOKU_MIRROR_FOLDER。",
                "The folder of the second copy is not there; mount the disk, make it and set PIAOKU_MIRROR_FOLDER.",
            )
        return FilesystemStore(folder.absolute())
    client = _client(
        _named(settings.mirror_endpoint, "PIAOKU_MIRROR_ENDPOINT"),
        settings.mirror_region,
        _secret(settings.mirror_key, settings.mirror_key_file, "PIAOKU_MIRROR_KEY"),
        _secret(settings.mirror_secret, settings.mirror_secret_file, "PIAOKU_MIRROR_SECRET"),
        settings.mirror_plain_http,
    )
    bucket = _named(settings.mirror_bucket, "PIAOKU_MIRROR_BUCKET")
    if write:
        try:
            s3_probe.require_vault(client, bucket)
        except StoreUnavailableError as error:
            _log.warning("the mirror does not answer; it will be caught up later", detail=str(error))
    return S3Store(client, bucket)


def _store_client(settings: ArchiveSettings) -> Minio:
    return _client(
        _named(settings.store_endpoint, "PIAOKU_STORE_ENDPOINT"),
        settings.store_region,
        _secret(settings.store_key, settings.store_key_file, "PIAOKU_STORE_KEY"),
        _secret(settings.store_secret, settings.store_secret_file, "PIAOKU_STORE_SECRET"),
        settings.store_plain_http,
    )


def _client(endpoint: str, region: str, key: str, secret: str, plain_http: bool) -> Minio:
    try:
        return connect(endpoint, key, secret, region, plain_http=plain_http)
    except ValueError as error:
        raise SettingsError(
            f"对象存储的地址不能用：{error}。请写成 https://主机[:端口]。",
            f"The address of the object storage will not do: {error}. Write https://host[:port].",
        ) from error


def _named(value: str, variable: str) -> str:
    if not value:
        raise SettingsError(f"未设置 {variable}；请设置后重新启动。", f"{variable} is not set; set it and start again.")
    return value


def _secret(value: SecretStr | None, file: Path | None, variable: str) -> str:
    if value:
        return value.get_secret_value()
    if file is None:
        raise SettingsError(
            f"未设置 {variable} 或 {variable}_FILE；请设置后重新启动。",
            f"Neither {variable} nor {variable}_FILE is set; set one and start again.",
        )
    try:
        return _named(file.read_text("utf-8").strip(), f"{variable}_FILE")
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(
            f"{variable}_FILE 指向的文件 {file} 无法读取；请检查路径和权限。",
            f"The file {file} of {variable}_FILE cannot be read; check its path and permissions.",
        ) from error
