"""Dispose: removing a record. Before its term it is refused here, by the catalog's triggers and the vault's locks."""

from datetime import date

from archive.catalog import catalog, holds
from archive.catalog.database import Database
from archive.errors import RetentionError


def remove(database: Database, record_id: str, today: date) -> None:
    """Always refuses. Before the term: 发票管理办法 (2023) Art. 28. After it: disposal needs a list, an appraisal and
    two people (会计档案管理办法 2015, Arts. 16–18), and this version cannot do that yet."""
    with database.read() as connection:
        record = catalog.existing(connection, record_id)
        cases = sorted(hold.case for hold in holds.of_record(connection, record_id) if hold.is_open)
    if cases:
        raise RetentionError(
            f"记录 {record_id} 已被保全（{'、'.join(cases)}），解除前不得删除。",
            f"Record {record_id} is on legal hold ({', '.join(cases)}) and must not be deleted before its release.",
        )
    if today < record.retain_until:
        raise RetentionError(
            f"记录 {record_id} 保管至 {record.retain_until}，此前不得删除。",
            f"Record {record_id} is kept until {record.retain_until} and must not be deleted before.",
        )
    raise RetentionError(
        f"记录 {record_id} 保管期已满，但销毁须经清册、鉴定和双人审批，本版本尚不提供；记录继续保管。",
        f"The term of record {record_id} has ended, but disposal needs a list, an appraisal and two approvals, which "
        "this version does not offer; the record stays.",
    )
