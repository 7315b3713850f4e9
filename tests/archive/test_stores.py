"""From settings to stores, on a real S3 server: the documented buckets, policy and keys, and what is refused."""

import io
import json
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from minio import Minio
from minio.commonconfig import GOVERNANCE
from minio.deleteobjects import DeleteObject
from minio.error import S3Error
from minio.objectlockconfig import DAYS, ObjectLockConfig
from minio.retention import Retention
from minio.versioningconfig import ENABLED, VersioningConfig
from typer.testing import CliRunner

from archive import cli, stores
from archive.archive import Archive
from archive.bootstrap import open_archive
from archive.errors import RetentionError, SettingsError, StoreUnavailableError
from archive.model.query import Query
from archive.objects import s3_probe
from archive.objects.filesystem import FilesystemStore
from archive.objects.mirror import Lag, MirrorStore
from archive.objects.s3 import S3Store
from archive.objects.s3_client import connect
from archive.settings import ArchiveSettings
from tests.servers.bad_network import Fault, bad_network
from tests.servers.ceph import ACCESS, OTHER_ACCESS, OTHER_SECRET, SECRET, Ceph

DAY = date(2031, 3, 1)
DOCUMENTED = Path(stores.__file__).parent / "objects" / "S3.md"
_made = iter(range(1_000))


@pytest.fixture
def documented(rgw: Ceph) -> tuple[str, str]:
    """Vault and inbox, made by the very lines of S3.md."""
    number = next(_made)
    vault, inbox = f"vault-{number}", f"inbox-{number}"
    code = re.search(r"```python\n(.*?)```", DOCUMENTED.read_text("utf-8"), re.DOTALL)
    assert code
    environment = {
        "ENDPOINT": f"http://{rgw.endpoint}",
        "OWNER_KEY": ACCESS,
        "OWNER_SECRET": SECRET,
        "PRINCIPAL": "arn:aws:iam:::user/everyday",
        "VAULT": vault,
        "INBOX": inbox,
    }
    subprocess.run([sys.executable, "-c", code[1]], env=environment, check=True)
    return vault, inbox


@pytest.fixture
def everyday(rgw: Ceph) -> Minio:
    return connect(f"http://{rgw.endpoint}", OTHER_ACCESS, OTHER_SECRET, "us-east-1")


@pytest.fixture
def settings(rgw: Ceph, documented: tuple[str, str], tmp_path: Path) -> ArchiveSettings:
    vault, inbox = documented
    secret = tmp_path / "secret"
    secret.write_text(f"{OTHER_SECRET}\n")
    return ArchiveSettings(
        data=tmp_path / "data",
        store="s3",
        store_endpoint=f"http://{rgw.endpoint}",
        store_key=OTHER_ACCESS,  # type: ignore[arg-type]
        store_secret_file=secret,
        vault_bucket=vault,
        inbox_bucket=inbox,
    )


@pytest.fixture
def s3_archive(settings: ArchiveSettings) -> Iterator[Archive]:
    archive = open_archive(settings)
    yield archive
    archive.database.close()


def test_an_archive_in_s3_deposits_joins_checks_and_gives_back(s3_archive: Archive, depositor: Any) -> None:
    deposit = depositor(s3_archive)
    record = deposit.join(deposit(1), b"the same invoice as OFD")
    s3_archive.inbox.put("ab/waiting", [b"x"])
    s3_archive.inbox.delete("ab/waiting", date(2026, 1, 1))
    assert s3_archive.retention_enforced_by == "object-lock"
    with s3_archive.original(record.originals[0].digest) as file:
        assert file.read() == b"invented document 1"
    assert s3_archive.check(list, pause=0).clean


def test_a_crash_after_the_json_is_completed_by_trying_again(
    s3_archive: Archive, depositor: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    deposit = depositor(s3_archive)
    with monkeypatch.context() as crash:
        crash.setattr("archive.catalog.catalog.add", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            deposit(1)
    assert s3_archive.record(deposit(1).id).version == 1
    assert s3_archive.check(list, pause=0).clean


@pytest.mark.parametrize("fault", [Fault.LOSE_ANSWER, Fault.ERROR_503])
def test_a_deposit_that_breaks_at_any_request_is_completed_by_trying_again(
    s3_archive: Archive, depositor: Any, rgw: Ceph, settings: ArchiveSettings, fault: Fault, now: datetime
) -> None:
    with bad_network(rgw.endpoint) as network:
        far = connect(network.endpoint, OTHER_ACCESS, OTHER_SECRET, "us-east-1", retries=0)
        vault = S3Store(far, settings.vault_bucket)
        deposit = depositor(Archive(s3_archive.database, s3_archive.inbox, vault))
        deposit(1)
        steps = len(network.requests)
        assert steps == 6
        for step in range(steps):
            at, before = 2 + step, len(network.requests)
            network.choose = lambda _method, _path, last=before + step + 1: (
                fault if len(network.requests) == last else None
            )
            with pytest.raises(StoreUnavailableError):
                deposit(at)
            network.well()
            later = deposit.arguments(at) | {"now": now + timedelta(days=1)}
            assert deposit.archive.deposit(**later).version == 1
    assert s3_archive.search(Query()).total == 1 + steps
    assert s3_archive.check(list, pause=0).clean


def test_a_check_names_what_a_delete_marker_hides(
    s3_archive: Archive, depositor: Any, s3: Minio, settings: ArchiveSettings
) -> None:
    record = depositor(s3_archive)(1)
    key = f"records/{record.id}/0001.json"
    s3.remove_object(settings.vault_bucket, key)
    (fault,) = s3_archive.check(list, pause=0).faults
    assert (fault.kind, fault.key) == ("hidden", key)


def test_a_check_names_what_lies_over_an_object(
    s3_archive: Archive, depositor: Any, s3: Minio, settings: ArchiveSettings
) -> None:
    record = depositor(s3_archive)(1)
    key = f"records/{record.id}/0001.json"
    s3.put_object(settings.vault_bucket, key, io.BytesIO(b"{}"), 2)
    (fault,) = s3_archive.check(list, pause=0).faults
    assert (fault.kind, fault.key) == ("altered", key)


def test_with_the_documented_policy_the_everyday_key_deletes_nothing(
    everyday: Minio, s3: Minio, documented: tuple[str, str]
) -> None:
    vault, _ = documented
    put = everyday.put_object(
        vault, "a/b", io.BytesIO(b"x"), 1, retention=Retention(GOVERNANCE, datetime.now(UTC) + timedelta(days=1))
    )
    bypass = {"x-amz-bypass-governance-retention": "true"}
    shorter = Retention(GOVERNANCE, datetime.now(UTC) + timedelta(hours=1))
    version = {"versionId": put.version_id or ""}
    attempts: list[Callable[[], object]] = [
        lambda: everyday.remove_object(vault, "a/b"),
        lambda: everyday.remove_object(vault, "a/b", version_id=put.version_id),
        lambda: everyday._execute("DELETE", vault, "a/b", headers=dict(bypass), query_params=dict(version)),
        lambda: list(
            everyday.remove_objects(vault, [DeleteObject("a/b", put.version_id)], bypass_governance_mode=True)
        ),
        lambda: everyday.set_object_retention(vault, "a/b", shorter, version_id=put.version_id),
        lambda: everyday.set_object_lock_config(vault, ObjectLockConfig(GOVERNANCE, 1, DAYS)),
        lambda: everyday.delete_object_lock_config(vault),
        lambda: everyday.delete_bucket_policy(vault),
        lambda: everyday.remove_bucket(vault),
    ]
    for attempt in attempts:
        with pytest.raises(S3Error, match="AccessDenied"):
            attempt()
    entries = list(s3.list_objects(vault, recursive=True, include_version=True))
    assert [(entry.object_name, entry.is_delete_marker) for entry in entries] == [("a/b", False)]


def test_the_owner_cannot_delete_what_is_locked_either(s3: Minio, everyday: Minio, documented: tuple[str, str]) -> None:
    vault, _ = documented
    store = S3Store(everyday, vault)
    store.put("a/b", [b"kept"], DAY)
    version = store.stat("a/b").version
    s3.delete_bucket_policy(vault)
    with pytest.raises(S3Error, match="AccessDenied"):
        s3.remove_object(vault, "a/b", version_id=version)
    with pytest.raises(S3Error):
        s3.remove_bucket(vault)
    assert store.stat("a/b").locked_until == DAY


def test_a_deletion_that_the_key_is_not_allowed_is_told_as_such(everyday: Minio, documented: tuple[str, str]) -> None:
    store = S3Store(everyday, documented[0])
    everyday.put_object(documented[0], "a/b", io.BytesIO(b"x"), 1)
    with pytest.raises(RetentionError, match="may not delete versions"):
        store.delete("a/b", date.max)


# ---- start-up: what is no vault is refused ----


def test_a_fit_bucket_passes_and_the_probe_is_no_object(s3: Minio, new_bucket: Callable[..., str]) -> None:
    bucket = new_bucket()
    s3_probe.require_vault(s3, bucket)
    s3_probe.require_vault(s3, bucket)
    assert list(S3Store(s3, bucket).list()) == []


def test_a_bucket_without_versions_is_refused(s3: Minio, new_bucket: Callable[..., str]) -> None:
    with pytest.raises(RetentionError, match="keeps no versions") as told:
        s3_probe.require_vault(s3, new_bucket(locks=False))
    assert "未开启版本控制" in told.value.zh


def test_a_bucket_with_versions_and_without_lock_is_refused(s3: Minio, new_bucket: Callable[..., str]) -> None:
    bucket = new_bucket(locks=False)
    s3.set_bucket_versioning(bucket, VersioningConfig(ENABLED))
    with pytest.raises(RetentionError, match="no Object Lock"):
        s3_probe.require_vault(s3, bucket)


@pytest.mark.parametrize("mode", [None, GOVERNANCE])
def test_a_bucket_without_a_default_retention_that_binds_is_refused(
    s3: Minio, new_bucket: Callable[..., str], mode: str | None
) -> None:
    bucket = new_bucket()
    s3.delete_object_lock_config(bucket)
    if mode:
        s3.set_object_lock_config(bucket, ObjectLockConfig(mode, 1, DAYS))
    with pytest.raises(RetentionError, match="COMPLIANCE"):
        s3_probe.require_vault(s3, bucket)


def test_a_server_that_only_claims_to_lock_is_refused(
    s3: Minio, new_bucket: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Minio, "remove_object", lambda *_args, **_more: None)
    with pytest.raises(RetentionError, match="lets a locked object be deleted"):
        s3_probe.require_vault(s3, new_bucket())


def test_a_bucket_that_is_not_there_is_named(s3: Minio) -> None:
    with pytest.raises(StoreUnavailableError, match="no bucket no-such-bucket"):
        s3_probe.require_vault(s3, "no-such-bucket")


def test_an_inbox_that_would_keep_what_is_refused_is_refused(s3: Minio, new_bucket: Callable[..., str]) -> None:
    with pytest.raises(RetentionError, match="cannot be the inbox"):
        s3_probe.require_inbox(s3, new_bucket())


# ---- settings ----


@pytest.mark.parametrize(
    ("missing", "variable"),
    [
        ({"store_endpoint": ""}, "PIAOKU_STORE_ENDPOINT"),
        ({"store_key": None}, "PIAOKU_STORE_KEY_FILE"),
        ({"store_secret_file": None}, "PIAOKU_STORE_SECRET_FILE"),
        ({"store_secret_file": Path("/no/such/file")}, "PIAOKU_STORE_SECRET_FILE"),
        ({"vault_bucket": ""}, "PIAOKU_VAULT_BUCKET"),
        ({"store_endpoint": "http://s3.example.com"}, "https"),
        ({"mirror": "filesystem"}, "PIAOKU_MIRROR_FOLDER"),
        ({"mirror": "filesystem", "mirror_folder": Path("/no/such/folder")}, "PIAOKU_MIRROR_FOLDER"),
        ({"mirror": "s3"}, "PIAOKU_MIRROR_ENDPOINT"),
    ],
)
def test_a_setting_that_is_missing_is_named(tmp_path: Path, missing: dict[str, Any], variable: str) -> None:
    secret = tmp_path / "secret"
    secret.write_text("secret")
    whole = ArchiveSettings(
        data=tmp_path,
        store="s3",
        store_endpoint="https://s3.example.com",
        store_key="key",  # type: ignore[arg-type]
        store_secret_file=secret,
        vault_bucket="vault",
    )
    stores.open_vault(whole, write=False)
    with pytest.raises(SettingsError, match=variable) as told:
        stores.open_vault(whole.model_copy(update=missing), write=False)
    assert variable in told.value.zh


def test_keys_come_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {"STORE": "s3", "STORE_KEY": "k", "STORE_SECRET_FILE": "/run/secrets/s"}.items():
        monkeypatch.setenv(f"PIAOKU_{name}", value)
    read = ArchiveSettings()
    assert read.store_key
    assert (read.store, read.store_key.get_secret_value()) == ("s3", "k")
    assert "k" not in str(read.store_key)


def test_a_mirror_that_does_not_answer_does_not_stop_the_start(settings: ArchiveSettings, tmp_path: Path) -> None:
    away = {"mirror": "s3", "mirror_endpoint": "http://127.0.0.1:9", "mirror_bucket": "copies"}
    keys = {"mirror_key": settings.store_key, "mirror_secret_file": settings.store_secret_file}
    vault = stores.open_vault(settings.model_copy(update=away | keys), write=True)
    assert isinstance(vault, MirrorStore)
    assert vault.put("a/b", [b"x"], DAY).created
    vault.stop()


def test_a_mirror_in_a_folder_gets_everything(settings: ArchiveSettings, tmp_path: Path, depositor: Any) -> None:
    folder = tmp_path / "other-disk"
    folder.mkdir()
    archive = open_archive(settings.model_copy(update={"mirror": "filesystem", "mirror_folder": folder}))
    record = depositor(archive)(1)
    vault = archive._vault
    assert isinstance(vault, MirrorStore)
    vault.catch_up()
    assert (folder / "records" / record.id / "0001.json").is_file()
    assert vault.second.stat(f"records/{record.id}/0001.json").locked_until == record.retain_until
    assert archive.mirror_lag() == Lag(0, None)
    assert (archive.compare_copies(), archive.clear_unfinished()) == (0, 0)
    vault.stop()
    archive.database.close()


def test_check_tells_what_the_second_copy_lacks(
    archive: Archive, deposit: Any, data_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    deposit(1)
    monkeypatch.setenv("PIAOKU_MIRROR", "filesystem")
    monkeypatch.setenv("PIAOKU_MIRROR_FOLDER", str(tmp_path))
    behind = CliRunner().invoke(cli.app, ["check", "--data", str(data_folder)])
    assert behind.exit_code == 0
    assert "第二副本尚缺 2 个对象" in behind.stdout
    assert "The second copy lacks 2 object(s)" in behind.stdout
    counted = CliRunner().invoke(cli.app, ["check", "--json", "--data", str(data_folder)])
    assert json.loads(counted.stdout.splitlines()[-1])["mirror_waiting"] == 2
    MirrorStore(archive._vault, FilesystemStore(tmp_path)).catch_up()
    whole = CliRunner().invoke(cli.app, ["check", "--data", str(data_folder)])
    assert "The second copy is complete" in whole.stdout
