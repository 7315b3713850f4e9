"""A Ceph RADOS gateway for tests: one monitor, one object daemon and the S3 server in a folder of their own.

Loopback only, all data in memory, dead with the process that started it. Needs the packages of
``tests/system_packages.sh``. Options: https://docs.ceph.com/en/pacific/rados/configuration/
"""

import ctypes
import glob
import http.client
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

ACCESS, SECRET = "testaccess", "testsecretkey0123456789"
OTHER_ACCESS, OTHER_SECRET = "otheraccess", "othersecretkey0123456789"
PROGRAMS = ("ceph-mon", "ceph-osd", "radosgw", "radosgw-admin", "ceph", "monmaptool")
_READY_SECONDS = 60
_PR_SET_PDEATHSIG = 1

_CONFIGURATION = """[global]
  fsid = {fsid}
  mon host = [v2:127.0.0.1:{monitor}/0,v1:127.0.0.1:{monitor_v1}/0]
  public addr = 127.0.0.1
  cluster addr = 127.0.0.1
  public network = 127.0.0.0/8
  cluster network = 127.0.0.0/8
  auth cluster required = none
  auth service required = none
  auth client required = none
  run dir = {folder}/run
  admin socket = {folder}/run/$name.asok
  pid file = {folder}/run/$name.pid
  crash dir = {folder}/run
  log file = {folder}/out/$name.log
  keyring = {folder}/keyring
  osd pool default size = 1
  osd pool default min size = 1
  osd pool default pg num = 4
  osd pool default pg autoscale mode = off
  osd crush chooseleaf type = 0
  mon allow pool size one = true
  mon warn on pool no redundancy = false
  osd class dir = {classes}
[mon]
  mon data = {folder}/mon.a
  mon cluster log file = {folder}/out/cluster.log
  paxos propose interval = 0.05
  mon max pg per osd = 2000
  mon data avail crit = 1
[osd]
  osd data = {folder}/osd.$id
  osd objectstore = memstore
  memstore device bytes = 4294967296
  osd op num shards = 2
  osd max pg per osd hard ratio = 10
  osd client watch timeout = 3
[client.rgw]
  rgw frontends = beast endpoint=127.0.0.1:{port}
  rgw rados pool pg num min = 4
  rgw thread pool size = 64
  rgw enable usage log = false
  rgw enable ops log = false
  rgw run sync thread = false
  ms mon client mode = crc
  rgw enable static website = false
  rgw override bucket index max shards = 1
  debug rgw = 0
"""


@dataclass
class Ceph:
    """A running server. ``kill_gateway`` and ``start_gateway`` take only the S3 server away; what it stored stays."""

    folder: Path
    port: int
    _running: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    @property
    def endpoint(self) -> str:
        return f"127.0.0.1:{self.port}"

    def start_gateway(self) -> None:
        self._daemon("radosgw", "-n", "client.rgw")
        until = time.monotonic() + _READY_SECONDS
        while not self._answers():
            if time.monotonic() > until:
                raise TimeoutError(f"radosgw did not start; see {self.folder}/out")
            time.sleep(0.05)

    def kill_gateway(self) -> None:
        """SIGKILL: no request under way is finished or undone."""
        gateway = self._running.pop("radosgw")
        gateway.kill()
        gateway.wait()

    def stop(self) -> None:
        for daemon in self._running.values():
            daemon.kill()  # nothing in memory is worth a clean end
            daemon.wait()

    def _start(self) -> None:
        for name in ("run", "out", "mon.a", "osd.0"):
            (self.folder / name).mkdir(parents=True)
        monitor, monitor_v1 = _free_ports(2)
        fsid = str(uuid.uuid4())
        (self.folder / "keyring").touch()
        (self.folder / "ceph.conf").write_text(
            _CONFIGURATION.format(
                folder=self.folder,
                fsid=fsid,
                monitor=monitor,
                monitor_v1=monitor_v1,
                port=self.port,
                classes=glob.glob("/usr/lib/*/rados-classes")[0],
            )
        )
        address = f"[v2:127.0.0.1:{monitor}/0,v1:127.0.0.1:{monitor_v1}/0]"
        self._run("monmaptool", "--create", "--addv", "a", address, "--fsid", fsid, str(self.folder / "monmap"))
        self._run("ceph-mon", "--mkfs", "-i", "a", "--monmap", str(self.folder / "monmap"))
        self._daemon("ceph-mon", "-i", "a")
        disk = str(uuid.uuid4())
        self._run("ceph", "osd", "new", disk)
        self._run("ceph-osd", "-i", "0", "--mkfs", "--osd-uuid", disk)
        self._daemon("ceph-osd", "-i", "0")
        # Made before the gateway starts: the tool also makes zone and pools, over which both would stumble.
        self._add_user("owner", ACCESS, SECRET)
        self._add_user("everyday", OTHER_ACCESS, OTHER_SECRET)
        self.start_gateway()

    def _add_user(self, name: str, access: str, secret: str) -> None:
        keys = (f"--access-key={access}", f"--secret={secret}")
        self._run(
            "radosgw-admin", "-n", "client.rgw", "user", "create", f"--uid={name}", f"--display-name={name}", *keys
        )

    def _answers(self) -> bool:
        try:
            connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=2)
            connection.request("GET", "/")
            return connection.getresponse().status < 500
        except OSError:
            return False

    @property
    def _environment(self) -> dict[str, str]:
        return {**os.environ, "CEPH_CONF": str(self.folder / "ceph.conf")}

    def _run(self, *command: str) -> None:
        done = subprocess.run(command, env=self._environment, capture_output=True, text=True, timeout=60)
        if done.returncode:
            raise RuntimeError(f"{command}: {done.stdout}{done.stderr}")

    def _daemon(self, program: str, *arguments: str) -> None:
        with (self.folder / "out" / f"{program}.std").open("ab") as output:
            self._running[program] = subprocess.Popen(
                [program, *arguments, "-f"],
                env=self._environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                cwd=self.folder,
                preexec_fn=_die_with_parent,
            )


@contextmanager
def ceph() -> Iterator[Ceph]:
    """A server that has nothing in it. Raises RuntimeError where the packages are missing: no test is left out."""
    missing = [program for program in PROGRAMS if not shutil.which(program)]
    if missing:
        raise RuntimeError(f"missing: {', '.join(missing)}; run tests/system_packages.sh (make test does)")
    # A short path: names of Unix sockets have at most 107 bytes.
    with tempfile.TemporaryDirectory(prefix="rgw-", dir="/tmp", ignore_cleanup_errors=True) as folder:
        server = Ceph(Path(folder), *_free_ports(1))
        try:
            server._start()
            yield server
        finally:
            server.stop()


def _free_ports(number: int) -> list[int]:
    sockets = [socket.socket() for _ in range(number)]
    for one in sockets:
        one.bind(("127.0.0.1", 0))
    ports: list[int] = [one.getsockname()[1] for one in sockets]
    for one in sockets:
        one.close()
    return ports


def _die_with_parent() -> None:
    """Runs in the child: the kernel kills it when the thread that started it ends, however it ends."""
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
