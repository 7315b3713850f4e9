"""An archive of its own for each test, and invoices that nobody ever issued."""

import io
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, BinaryIO

import pytest

from archive.archive import Archive
from archive.bootstrap import open_archive
from archive.model.digest import Digest
from archive.model.evidence import Box, Finding, Reading, Severity, Source
from archive.model.invoice import Invoice, Line, Party
from archive.model.record import Original, Record
from archive.settings import ArchiveSettings

NOW = datetime(2026, 3, 9, 1, 2, 3, 456789, tzinfo=UTC)
INVOICE = Invoice(
    kind="digital_normal",
    invoice_number="26990000000000000001",
    issue_date=date(2026, 3, 1),
    seller=Party("虚构市甲乙餐饮有限公司", "91990000MA0000000X"),
    buyer=Party("虚构市丙丁贸易有限公司", "91990000MA0000001Y"),
    amount_without_tax=Decimal("100.00"),
    tax_amount=Decimal("6.00"),
    total_amount=Decimal("106.00"),
    total_amount_cn="壹佰零陆圆整",
    lines=(Line(name="*餐饮服务*餐费", amount=Decimal("100.00"), tax_rate="6%", tax_amount=Decimal("6.00")),),
)
READING = Reading("invoice_number", "26990000000000000001", Source.QR, Decimal(1), 1, Box(0.1, 0.2, 0.3, 0.4))
FINDING = Finding("AMOUNT-SUM", Severity.INFO, "total_amount", "金额相符。", "The amounts fit.")


@dataclass(frozen=True)
class Depositor:
    """Deposits invented invoices: the ``n``-th one has its own bytes and number; keywords change fields."""

    archive: Archive

    def content(self, data: bytes) -> Callable[[], AbstractContextManager[BinaryIO]]:
        return lambda: io.BytesIO(data)

    def original(self, data: bytes, file_name: str = "餐费.pdf") -> Original:
        return Original(Digest.of(data), len(data), "application/pdf", file_name, NOW, "upload")

    def invoice(self, n: int, **fields: Any) -> Invoice:
        return replace(INVOICE, **{"invoice_number": f"2699{n:016d}", **fields})

    def arguments(self, n: int = 1, file_name: str = "餐费.pdf", **fields: Any) -> dict[str, Any]:
        data = f"invented document {n}".encode()
        return {
            "document_digest": Digest.of(data),
            "index": 0,
            "invoice": self.invoice(n, **fields),
            "original": self.original(data, file_name),
            "content": self.content(data),
            "readings": (READING,),
            "findings": (FINDING,),
            "actor": "piaoku",
            "now": NOW,
        }

    def __call__(self, n: int = 1, **fields: Any) -> Record:
        return self.archive.deposit(**self.arguments(n, **fields))

    def join(self, record: Record, data: bytes, **changes: Any) -> Record:
        arguments: dict[str, Any] = {
            "original": self.original(data, "餐费.ofd"),
            "content": self.content(data),
            "readings": (READING,),
            "actor": "piaoku",
            "now": NOW,
        }
        return self.archive.join(record.id, **{**arguments, **changes})


@pytest.fixture
def data_folder(tmp_path: Path) -> Path:
    return tmp_path / "data"


@pytest.fixture
def archive(data_folder: Path) -> Iterator[Archive]:
    opened = open_archive(ArchiveSettings(data=data_folder))
    yield opened
    opened.database.close()


@pytest.fixture
def deposit(archive: Archive) -> Depositor:
    return Depositor(archive)


@pytest.fixture
def depositor() -> type[Depositor]:
    """For tests that build an archive of their own."""
    return Depositor


@pytest.fixture
def now() -> datetime:
    return NOW
