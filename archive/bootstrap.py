"""Wiring: settings in, Archive out."""

from archive import stores
from archive.archive import Archive
from archive.audit import key
from archive.audit.anchor import Notary
from archive.audit.timestamp import Authority, certificates
from archive.catalog import migrate
from archive.catalog.database import open_sqlite
from archive.errors import NotFoundError, SettingsError
from archive.objects.filesystem import make_folder
from archive.settings import ArchiveSettings

CATALOG = "catalog.sqlite3"
KEY = "audit.key"


def open_archive(settings: ArchiveSettings, *, create: bool = True) -> Archive:
    """The archive in the data folder, its catalog migrated, what crashed writers left cleared away.

    Raises NotFoundError where there is none and ``create`` is False, StoreUnavailableError where the folder cannot be
    used, else as ``stores.open_vault``.
    """
    data = settings.data.absolute()
    if not create and not (data / CATALOG).is_file():
        raise NotFoundError(
            f"{data} 中没有票库档案；请用 --data 指定数据目录。",
            f"There is no archive in {data}; name the data folder with --data.",
        )
    make_folder(data)
    inbox, vault = stores.open_inbox(settings, write=create), stores.open_vault(settings, write=create)
    database = open_sqlite(data / CATALOG)
    migrate.upgrade(database)
    return Archive(database, inbox, vault, notary=notary(settings))


def notary(settings: ArchiveSettings) -> Notary:
    """Who signs the audit log. Raises IntegrityError where a key cannot be read, SettingsError where a time-stamp
    authority is named without its certificates."""
    if settings.audit_key:
        signer = key.parse(settings.audit_key.get_secret_value(), "PIAOKU_AUDIT_KEY")
    else:
        signer = key.in_file(settings.audit_key_file or settings.data.absolute() / KEY)
    earlier = tuple(key.parse_verifier(text) for text in settings.audit_earlier_keys.split())
    return Notary(signer, earlier, _authority(settings))


def _authority(settings: ArchiveSettings) -> Authority | None:
    if not settings.audit_tsa_url:
        return None
    if not settings.audit_tsa_roots:
        raise SettingsError(
            "设置了时间戳服务但没有其根证书；请设置 PIAOKU_AUDIT_TSA_ROOTS。",
            "A time-stamp authority is set without its root certificates; set PIAOKU_AUDIT_TSA_ROOTS.",
        )
    return Authority(settings.audit_tsa_url, certificates(settings.audit_tsa_roots))
