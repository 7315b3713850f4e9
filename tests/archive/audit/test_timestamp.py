"""Time stamps, from an authority of the test's own: the openssl command behind a small HTTP server."""

import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import httpx
import pytest

from archive.audit import timestamp
from archive.audit.anchor import Notary
from archive.audit.faults import FaultKind
from archive.audit.timestamp import Authority, certificates
from archive.errors import NotFoundError, StoreUnavailableError

CONFIGURATION = """
[tsa]
default_tsa = authority
[authority]
serial = serial
signer_cert = tsa.pem
signer_key = tsa.key
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256, sha512
ess_cert_id_alg = sha256
[extensions]
extendedKeyUsage = critical, timeStamping
keyUsage = critical, digitalSignature
"""


def openssl(folder: Path, *arguments: str) -> None:
    subprocess.run(["openssl", *arguments], cwd=folder, check=True, capture_output=True)


@dataclass
class Tsa:
    """``spoil`` changes the answers."""

    folder: Path
    url: str = ""
    spoil: list[bytes] = field(default_factory=list)
    asked: int = 0

    def answer(self, query: bytes) -> bytes:
        self.asked += 1
        if self.spoil:
            return self.spoil[0]
        (self.folder / "query.tsq").write_bytes(query)
        openssl(self.folder, "ts", "-reply", "-config", "tsa.cnf", "-queryfile", "query.tsq", "-out", "reply.tsr")
        return (self.folder / "reply.tsr").read_bytes()


def make_authority(folder: Path, name: str) -> None:
    folder.mkdir()
    (folder / "tsa.cnf").write_text(CONFIGURATION)
    (folder / "serial").write_text("01\n")
    root = ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "3650", "-subj", f"/CN={name} root"]
    openssl(folder, *root, "-keyout", "root.key", "-out", "root.pem")
    openssl(
        folder, "req", "-newkey", "rsa:2048", "-nodes", "-subj", f"/CN={name}", "-keyout", "tsa.key", "-out", "tsa.csr"
    )
    signing = ["x509", "-req", "-in", "tsa.csr", "-CA", "root.pem", "-CAkey", "root.key", "-CAcreateserial"]
    openssl(folder, *signing, "-days", "3650", "-extfile", "tsa.cnf", "-extensions", "extensions", "-out", "tsa.pem")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("authorities")
    for name in ("ours", "foreign"):
        make_authority(folder / name, name)
    return folder


@pytest.fixture
def tsa(folder: Path) -> Iterator[Tsa]:
    authority = Tsa(folder / "ours")

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            content = authority.answer(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(200)
            self.send_header("Content-Type", "application/timestamp-reply")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            """Quiet."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        authority.url = f"http://127.0.0.1:{server.server_port}/"
        thread = Thread(target=server.serve_forever)
        thread.start()
        yield authority
        server.shutdown()
        thread.join()


@pytest.fixture
def stamped(log: Any, tsa: Tsa) -> Any:
    roots = certificates(tsa.folder / "root.pem")
    log.archive._notary = Notary(log.archive.notary.signer, authority=Authority(tsa.url, roots))
    log.archive.anchor()
    return log


def test_a_head_is_stamped_once_and_the_stamp_lies_locked_beside_it(stamped: Any, tsa: Tsa) -> None:
    stamped.archive.anchor()
    assert tsa.asked == 1
    assert [path.name for path in (stamped.folder / "vault/audit/timestamps").iterdir()] == ["000000000013.tsr"]
    assert stamped.archive.check(list, pause=0).clean


def test_the_stamp_is_verified_with_the_authoritys_root_and_not_counted_without(stamped: Any, tsa: Tsa) -> None:
    report = stamped.from_outside(authorities=certificates(tsa.folder / "root.pem"))
    assert (report.clean, report.stamps_unchecked) == (True, 0)
    assert report.stamped_at.tzinfo
    without = stamped.from_outside()
    assert (without.clean, without.stamped_at, without.stamps_unchecked) == (True, None, 1)


def test_openssl_itself_says_the_same_of_what_lies_in_the_vault(stamped: Any, tsa: Tsa) -> None:
    vault = stamped.folder / "vault/audit"
    files = ["-data", str(vault / "checkpoints/000000000013"), "-in", str(vault / "timestamps/000000000013.tsr")]
    openssl(tsa.folder, "ts", "-verify", *files, "-CAfile", "root.pem")


def test_a_stamp_of_another_authority_or_for_another_head_is_found(stamped: Any, folder: Path) -> None:
    (fault,) = stamped.from_outside(authorities=certificates(folder / "foreign/root.pem")).faults
    assert (fault.kind, fault.last) == (FaultKind.TIMESTAMP_WRONG, 13)
    path = stamped.folder / "vault/audit/timestamps/000000000013.tsr"
    path.with_name("000000000011.tsr").write_bytes(path.read_bytes())
    (fault,) = stamped.from_outside(authorities=certificates(folder / "ours/root.pem")).faults
    assert (fault.kind, fault.last) == (FaultKind.TIMESTAMP_WRONG, 11)


@pytest.mark.parametrize("answer", [b"", b"nonsense", b"<html>busy</html>", "another"])
def test_an_answer_that_is_no_stamp_of_this_head_is_not_kept_and_asked_for_again(
    log: Any, tsa: Tsa, answer: bytes | str
) -> None:
    authority = Authority(tsa.url, certificates(tsa.folder / "root.pem"))
    log.archive._notary = Notary(log.archive.notary.signer, authority=authority)
    tsa.spoil = [authority.stamped(b"another message") if answer == "another" else answer]  # type: ignore[list-item]
    with pytest.raises(StoreUnavailableError, match="127"):
        log.archive.anchor()
    assert not (log.folder / "vault/audit/timestamps").exists()
    assert log.from_outside().proven == 13  # the head itself is there
    tsa.spoil = []
    log.archive.anchor()
    assert (log.folder / "vault/audit/timestamps/000000000013.tsr").exists()


def test_a_stamp_that_the_authority_refused_is_none(tsa: Tsa) -> None:
    with pytest.raises(ValueError):
        timestamp.verified(bytes.fromhex("30053003020102"), b"x", certificates(tsa.folder / "root.pem"))


def test_an_authority_that_cannot_be_reached_is_told(log: Any, tsa: Tsa) -> None:
    with pytest.raises(StoreUnavailableError):
        Authority("http://127.0.0.1:1/", certificates(tsa.folder / "root.pem")).stamped(b"x")


@pytest.mark.parametrize("address", ["{}?token=hidden", "http://name:hidden@x:port/", "foo://name:hidden@x/"])
def test_a_password_or_token_in_the_address_is_not_repeated(tsa: Tsa, address: str) -> None:
    tsa.spoil.append(b"no time stamp")
    authority = Authority(address.format(tsa.url), certificates(tsa.folder / "root.pem"))
    with pytest.raises(StoreUnavailableError) as failed:
        authority.stamped(b"head")
    assert "hidden" not in failed.value.zh + failed.value.en


def test_an_authority_that_refuses_the_login_is_told_without_the_login(
    tsa: Tsa, monkeypatch: pytest.MonkeyPatch
) -> None:
    def post(url: str, **_: object) -> httpx.Response:
        return httpx.Response(401, request=httpx.Request("POST", url))

    monkeypatch.setattr(httpx, "post", post)
    authority = Authority("https://name:hidden@tsa.example/", certificates(tsa.folder / "root.pem"))
    with pytest.raises(StoreUnavailableError, match=r"tsa\.example.*HTTP 401") as failed:
        authority.stamped(b"head")
    assert "hidden" not in failed.value.zh + failed.value.en


def test_an_authority_that_does_not_answer_keeps_no_proof_back(log: Any, deposit: Any, tsa: Tsa) -> None:
    roots = certificates(tsa.folder / "root.pem")
    log.archive._notary = Notary(log.archive.notary.signer, authority=Authority("http://127.0.0.1:1/", roots))
    assert len(log.archive.prove(deposit(1).id)["entries"]) == 1


def test_a_file_without_certificates_is_told(tmp_path: Path) -> None:
    with pytest.raises(NotFoundError):
        certificates(tmp_path / "missing.pem")
    (tmp_path / "empty.pem").write_text("")
    with pytest.raises(NotFoundError):
        certificates(tmp_path / "empty.pem")
