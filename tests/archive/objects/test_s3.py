"""The S3 store on a real server: locks, versions, delete markers, large objects, bad days."""

import io
import random
import ssl
import subprocess
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from minio import Minio
from minio.commonconfig import COMPLIANCE, GOVERNANCE
from minio.error import S3Error
from minio.retention import Retention

from archive.errors import (
    ArchiveError,
    ConflictError,
    IntegrityError,
    NotFoundError,
    RetentionError,
    StoreUnavailableError,
)
from archive.model.digest import Digest
from archive.objects import s3 as s3_module
from archive.objects.s3 import S3Store
from archive.objects.s3_client import connect
from tests.servers.bad_network import BadNetwork, Fault, bad_network
from tests.servers.ceph import ACCESS, SECRET, Ceph

DAY = date(2031, 3, 1)
MOMENT = datetime(2031, 2, 28, 16, tzinfo=UTC)
"""When DAY begins in Beijing."""


@pytest.fixture
def bucket(new_bucket: Callable[..., str]) -> str:
    return new_bucket()


@pytest.fixture
def store(s3: Minio, bucket: str) -> S3Store:
    return S3Store(s3, bucket)


@pytest.fixture
def network(rgw: Ceph) -> Iterator[BadNetwork]:
    with bad_network(rgw.endpoint) as network:
        yield network


@pytest.fixture
def far_store(network: BadNetwork, bucket: str) -> S3Store:
    """The same bucket over the bad network, with short patience."""
    return S3Store(connect(network.endpoint, ACCESS, SECRET, "us-east-1", read_seconds=1, retries=2), bucket)


def content(store: S3Store, key: str) -> bytes:
    with store.open(key) as file:
        return file.read()


def versions(s3: Minio, bucket: str, key: str) -> list[str | None]:
    entries = s3.list_objects(bucket, prefix=key, recursive=True, include_version=True)
    return [entry.version_id for entry in entries if not entry.is_delete_marker]


def small_parts(monkeypatch: pytest.MonkeyPatch) -> bytes:
    """Parts of the least size that S3 allows; returns an object of three of them."""
    monkeypatch.setattr(s3_module, "PART", 5 << 20)
    return random.Random(1).randbytes((10 << 20) + 12_345)


def test_the_store_itself_refuses_deletion_even_to_the_owner(s3: Minio, store: S3Store, bucket: str) -> None:
    store.put("a/b", [b"kept"], DAY)
    found = store.stat("a/b")
    assert store.retention_enforced_by == "object-lock"
    lock = s3.stat_object(bucket, "a/b", version_id=found.version).metadata
    assert lock
    assert lock["x-amz-object-lock-mode"] == COMPLIANCE
    assert lock["x-amz-object-lock-retain-until-date"].startswith("2031-02-28T16:00:00")
    with pytest.raises(S3Error, match="AccessDenied"):
        s3.remove_object(bucket, "a/b", version_id=found.version)
    with pytest.raises(S3Error, match="AccessDenied"):
        s3.set_object_retention(bucket, "a/b", Retention(COMPLIANCE, MOMENT - timedelta(days=1)), found.version)
    with pytest.raises(RetentionError):
        store.delete("a/b", date(2040, 1, 1))
    assert content(store, "a/b") == b"kept"


def test_what_is_put_without_a_term_is_locked_by_the_bucket(store: S3Store) -> None:
    store.put("a/b", [b"x"])
    until = store.stat("a/b").locked_until
    assert until
    assert until >= datetime.now(UTC).date()


def test_an_object_of_several_parts_is_locked_although_the_server_drops_its_lock(
    store: S3Store, s3: Minio, bucket: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = small_parts(monkeypatch)
    stored = store.put("big", (whole[at : at + 1_000_000] for at in range(0, len(whole), 1_000_000)), DAY)
    assert (stored.digest, stored.size) == (Digest.of(whole), len(whole))
    assert s3.stat_object(bucket, "big").etag.endswith("-3")  # type: ignore[union-attr]
    assert store.stat("big").locked_until == DAY
    assert content(store, "big") == whole


def test_a_server_that_never_locks_is_found_out(store: S3Store, s3: Minio, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Minio, "set_object_retention", lambda *_args, **_more: None)
    put_object = Minio.put_object

    def forgetful(client: Minio, *args: object, **more: object) -> object:
        return put_object(client, *args, **{**more, "retention": None})  # type: ignore[arg-type]

    monkeypatch.setattr(Minio, "put_object", forgetful)
    with pytest.raises(RetentionError, match="did not lock"):
        store.put("a/b", [b"x"], DAY)


def test_a_lock_that_can_be_lifted_does_not_count(store: S3Store, s3: Minio, bucket: str) -> None:
    s3.put_object(bucket, "a/b", io.BytesIO(b"x"), 1, retention=Retention(GOVERNANCE, MOMENT))
    assert store.stat("a/b").locked_until is None


def test_a_lock_that_ends_within_a_day_is_no_lock_for_that_day(store: S3Store, s3: Minio, bucket: str) -> None:
    s3.put_object(bucket, "a/b", io.BytesIO(b"x"), 1, retention=Retention(COMPLIANCE, MOMENT - timedelta(hours=1)))
    assert store.stat("a/b").locked_until == date(2031, 2, 28)
    store.lock_until("a/b", DAY)
    assert store.stat("a/b").locked_until == DAY


def test_an_object_under_a_delete_marker_is_found_and_said_to_be_hidden(store: S3Store, s3: Minio, bucket: str) -> None:
    store.put("a/b", [b"kept"], DAY)
    before = store.stat("a/b")
    s3.remove_object(bucket, "a/b")
    with pytest.raises(S3Error, match="NoSuchKey"):
        s3.stat_object(bucket, "a/b")
    found = store.stat("a/b")
    assert (found.hidden, found.version, found.locked_until) == (True, before.version, DAY)
    assert content(store, "a/b") == b"kept"
    assert [listed.key for listed in store.list()] == ["a/b"]
    store.lock_until("a/b", date(2032, 1, 1))
    assert store.stat("a/b").locked_until == date(2032, 1, 1)
    store.put("a/b", [b"kept"], DAY)
    assert not store.stat("a/b").hidden


def test_after_its_term_an_object_goes_with_all_its_versions_and_markers(
    store: S3Store, s3: Minio, new_bucket: Callable[..., str]
) -> None:
    bucket = new_bucket()
    s3.delete_object_lock_config(bucket)
    store = S3Store(s3, bucket)
    store.put("a/b", [b"one"])
    s3.remove_object(bucket, "a/b")
    store.put("a/b", [b"two"])
    store.delete("a/b", date(2040, 1, 1))
    assert list(s3.list_objects(bucket, recursive=True, include_version=True)) == []
    with pytest.raises(NotFoundError):
        store.delete("a/b", date(2040, 1, 1))


def test_one_locked_version_keeps_them_all(s3: Minio, new_bucket: Callable[..., str]) -> None:
    bucket = new_bucket()
    s3.delete_object_lock_config(bucket)
    store = S3Store(s3, bucket)
    store.put("a/b", [b"one"], DAY)
    s3.put_object(bucket, "a/b", io.BytesIO(b"two"), 3)
    with pytest.raises(RetentionError):
        store.delete("a/b", date(2030, 1, 1))
    assert len(versions(s3, bucket, "a/b")) == 2


def test_a_version_laid_over_an_object_does_not_remove_it(store: S3Store, s3: Minio, bucket: str) -> None:
    store.put("a/b", [b"true"], DAY)
    version = store.stat("a/b").version
    s3.put_object(bucket, "a/b", io.BytesIO(b"false"), 5)
    assert content(store, "a/b") == b"false"
    with pytest.raises(ConflictError):
        store.put("a/b", [b"true"], DAY)
    store.restore("a/b", [b"true"], Digest.of(b"true"))
    assert content(store, "a/b") == b"true"
    assert s3.get_object(bucket, "a/b", version_id=version).read() == b"true"


def test_an_answer_that_lies_about_the_bytes_is_found_out(
    store: S3Store, s3: Minio, bucket: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    put_object = Minio.put_object

    def altering(client: Minio, name: str, key: str, data: io.BytesIO, *args: object, **more: object) -> object:
        written = put_object(client, name, key, data, *args, **more)  # type: ignore[arg-type]
        return put_object(client, name, key, io.BytesIO(b"rotten"), 6) if written else None

    monkeypatch.setattr(Minio, "put_object", altering)
    with pytest.raises(IntegrityError):
        store.put("a/b", [b"right"], DAY)


def test_objects_of_others_are_listed_so_that_a_check_sees_them(store: S3Store, s3: Minio, bucket: str) -> None:
    for key in ("发票/Foreign File.PDF", ".probe", "a/b"):
        s3.put_object(bucket, key, io.BytesIO(b"x"), 1)
    assert [listed.key for listed in store.list()] == ["a/b", "发票/Foreign File.PDF"]


def test_unfinished_uploads_are_aborted_when_they_are_old(
    store: S3Store, s3: Minio, bucket: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    upload = s3._create_multipart_upload(bucket, "a/b", {})
    s3._upload_part(bucket, "a/b", b"x" * (5 << 20), {}, upload, 1)
    assert list(store.list()) == []
    assert store.clear_unfinished() == 0
    monkeypatch.setattr(s3_module, "_ABANDONED_AFTER", timedelta(seconds=-5))
    assert store.clear_unfinished() == 1
    assert s3._list_multipart_uploads(bucket).uploads == []


def test_an_inbox_without_locks_forgets_what_it_released(s3: Minio, new_bucket: Callable[..., str]) -> None:
    inbox = S3Store(s3, new_bucket(locks=False), locks=False)
    assert inbox.put("a/b", [b"x"]).created
    assert not inbox.put("a/b", [b"x"]).created
    assert [listed.key for listed in inbox.list()] == ["a/b"]
    with pytest.raises(ValueError, match="Object Lock"):
        inbox.lock_until("a/b", DAY)
    inbox.delete("a/b", date(2026, 1, 1))
    assert list(inbox.list()) == []
    with pytest.raises(NotFoundError):
        inbox.delete("a/b", date(2026, 1, 1))


# ---- bad days: nothing acknowledged is missing, no half object is visible ----


@pytest.mark.parametrize("fault", [Fault.ERROR_500, Fault.ERROR_503, Fault.LOSE_ANSWER, Fault.CUT_REQUEST, Fault.SLOW])
@pytest.mark.parametrize("method", ["HEAD", "PUT", "GET"])
def test_a_fault_that_passes_is_not_even_noticed(
    far_store: S3Store, network: BadNetwork, fault: Fault, method: str
) -> None:
    network.fail(fault, times=1, method=method)
    stored = far_store.put("a/b", [b"x" * 200_000], DAY)
    assert stored.digest == Digest.of(b"x" * 200_000)
    assert far_store.stat("a/b").locked_until == DAY
    assert [request.split()[0] for request in network.requests].count(method) == (3 if method == "HEAD" else 2)


@pytest.mark.parametrize("fault", [Fault.ERROR_500, Fault.ERROR_503, Fault.LOSE_ANSWER, Fault.CUT_REQUEST])
@pytest.mark.parametrize("method", ["PUT", "GET"])
def test_a_fault_that_stays_is_told_and_the_next_try_completes_it(
    store: S3Store, far_store: S3Store, network: BadNetwork, fault: Fault, method: str
) -> None:
    whole = random.Random(2).randbytes(300_000)
    network.fail(fault, times=100, method=method)
    with pytest.raises(StoreUnavailableError) as told:
        far_store.put("a/b", [whole], DAY)
    assert "稍后重试" in told.value.zh
    assert told.value.retry_can_help
    for listed in store.list():
        assert content(store, listed.key) == whole, "half an object is visible"
        assert store.stat(listed.key).locked_until == DAY
    network.well()
    assert far_store.put("a/b", [whole], DAY).digest == Digest.of(whole)
    assert store.stat("a/b").locked_until == DAY


def test_an_answer_cut_off_in_mid_body_is_an_error_and_never_a_short_object(
    far_store: S3Store, network: BadNetwork
) -> None:
    far_store.put("a/b", [b"x" * 3_000_000], DAY)
    network.fail(Fault.CUT_ANSWER, times=100, method="GET")
    with pytest.raises(StoreUnavailableError):
        content(far_store, "a/b")
    with pytest.raises(StoreUnavailableError):
        far_store.put("a/c", [b"y" * 300_000], DAY)


@pytest.mark.parametrize("step", ["uploads=", "partNumber=2", "uploadId="])
def test_a_large_upload_that_breaks_at_any_step_is_completed_by_the_next_try(
    far_store: S3Store, store: S3Store, network: BadNetwork, step: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = small_parts(monkeypatch)
    network.fail(Fault.LOSE_ANSWER, times=100, containing=step)
    with pytest.raises(StoreUnavailableError):
        far_store.put("big", [whole], DAY)
    assert [listed.size for listed in store.list()] in ([], [len(whole)])
    network.well()
    assert far_store.put("big", [whole], DAY).digest == Digest.of(whole)
    assert store.stat("big").locked_until == DAY
    assert [listed.key for listed in store.list()] == ["big"]


def test_a_server_that_is_gone_for_a_while_is_told_at_once_and_found_again(
    far_store: S3Store, network: BadNetwork
) -> None:
    far_store.put("a/b", [b"before"], DAY)
    network.go_away()
    for act in (
        lambda: far_store.put("a/c", [b"x"], DAY),
        lambda: far_store.stat("a/b"),
        lambda: content(far_store, "a/b"),
        lambda: list(far_store.list()),
        lambda: far_store.lock_until("a/b", date(2040, 1, 1)),
        lambda: far_store.delete("a/b", date(2040, 1, 1)),
        lambda: far_store.clear_unfinished(),
    ):
        with pytest.raises(StoreUnavailableError):
            act()
    network.come_back()
    assert content(far_store, "a/b") == b"before"
    assert far_store.put("a/c", [b"x"], DAY).created


def test_a_wrong_key_is_told_as_such(rgw: Ceph, bucket: str) -> None:
    wrong = S3Store(connect(f"http://{rgw.endpoint}", ACCESS, "not the secret", "us-east-1"), bucket)
    with pytest.raises(StoreUnavailableError, match=r"key, bucket policy and this machine's clock"):
        list(wrong.list())


def test_whatever_kills_the_server_nothing_acknowledged_is_lost(
    rgw: Ceph, store: S3Store, s3: Minio, bucket: str
) -> None:
    """SIGKILL in mid-put, a restart, and every put tried again."""
    patient = S3Store(connect(f"http://{rgw.endpoint}", ACCESS, SECRET, "us-east-1", retries=0), bucket)
    acknowledged: dict[str, Digest] = {}
    failed: dict[str, bytes] = {}
    killed = threading.Event()

    def write(writer: int) -> None:
        chance = random.Random(writer)
        for number in range(10_000):
            key, whole = f"{writer}/{number}", chance.randbytes(200_000)
            try:
                acknowledged[key] = patient.put(key, [whole], DAY).digest
            except StoreUnavailableError:
                failed[key] = whole
                return

    writers = [threading.Thread(target=write, args=(writer,)) for writer in range(4)]
    for one in writers:
        one.start()
    while len(acknowledged) < 20:
        killed.wait(0.01)
    rgw.kill_gateway()
    killed.set()
    for one in writers:
        one.join()
    rgw.start_gateway()
    for listed in store.list():
        expected = acknowledged.get(listed.key) or Digest.of(failed[listed.key])
        assert Digest.of(content(store, listed.key)) == expected, "half an object is visible"
    for key, whole in failed.items():
        acknowledged[key] = store.put(key, [whole], DAY).digest
    assert len(failed) == 4
    assert {listed.key for listed in store.list()} == set(acknowledged)
    for key in acknowledged:
        assert store.stat(key).locked_until == DAY


# ---- the connection ----


@pytest.mark.parametrize(
    "endpoint",
    ["http://s3.example.com", "http://10.0.0.1:9000", "s3.example.com", "ftp://x", "https://", "https://x/y"],
)
def test_what_is_no_safe_address_is_refused(endpoint: str) -> None:
    with pytest.raises(ValueError, match=r"S3 address|unencrypted"):
        connect(endpoint, "key", "secret", "us-east-1")


@pytest.mark.parametrize("endpoint", ["https://name:hidden@x/y", "http://name:hidden@s3.example.com"])
def test_a_password_in_an_address_is_not_repeated(endpoint: str) -> None:
    with pytest.raises(ValueError, match=r"S3 address|unencrypted") as refused:
        connect(endpoint, "key", "secret", "us-east-1")
    assert "hidden" not in str(refused.value)


def test_plain_http_is_taken_for_the_own_machine_or_where_it_is_said(rgw: Ceph) -> None:
    connect("http://localhost:1", "key", "secret", "us-east-1")
    connect("http://[::1]:1", "key", "secret", "us-east-1")
    connect("http://s3.internal:9000", "key", "secret", "us-east-1", plain_http=True)


def test_a_certificate_that_nobody_vouches_for_is_refused(tmp_path: Path) -> None:
    certificate = tmp_path / "certificate.pem"
    request = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", "-subj", "/CN=localhost"]
    subprocess.run([*request, "-keyout", certificate, "-out", certificate], check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    with HTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler) as server:
        server.socket = context.wrap_socket(server.socket, server_side=True)
        server.handle_error = lambda *_: None  # type: ignore[method-assign]
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        store = S3Store(connect(f"https://localhost:{server.server_port}", "key", "secret", "r", retries=0), "bucket")
        with pytest.raises(ArchiveError) as told:
            store.stat("a/b")
        server.shutdown()
    assert "CERTIFICATE_VERIFY_FAILED" in str(told.value.__cause__)
