"""Real servers, started once for all tests that ask for them."""

import itertools
from collections.abc import Callable, Iterator

import pytest
from minio import Minio
from minio.commonconfig import COMPLIANCE
from minio.objectlockconfig import DAYS, ObjectLockConfig

from archive.objects.s3_client import connect
from tests.servers.ceph import ACCESS, SECRET, Ceph, ceph

_numbers = itertools.count(1)


@pytest.fixture(scope="session")
def rgw() -> Iterator[Ceph]:
    """An S3 server with Object Lock."""
    with ceph() as server:
        yield server


@pytest.fixture
def s3(rgw: Ceph) -> Minio:
    """The owner's client."""
    return connect(f"http://{rgw.endpoint}", ACCESS, SECRET, "us-east-1")


@pytest.fixture
def new_bucket(s3: Minio) -> Callable[..., str]:
    """Makes buckets; what is locked in one cannot be removed, so each test has its own."""

    def make(*, locks: bool = True) -> str:
        bucket = f"bucket-{next(_numbers)}"
        s3.make_bucket(bucket, object_lock=locks)
        if locks:
            s3.set_object_lock_config(bucket, ObjectLockConfig(COMPLIANCE, 1, DAYS))
        return bucket

    return make
