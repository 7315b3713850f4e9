"""Rows and model objects: the only place where one becomes the other."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, func, insert, or_, select, update

from archive.catalog.tables import LISTED_BY, objects, record_originals, records
from archive.errors import NotFoundError, QueryError
from archive.model import record_json
from archive.model.digest import Digest
from archive.model.invoice import Invoice
from archive.model.query import Hit, Page, Query, searchable
from archive.model.record import Record

_UNREAD = date(1, 1, 1)
_BETWEEN = "\n"
"""Stands between the values of a search text, so that no word matches across two of them."""


@dataclass(frozen=True, slots=True)
class KeptObject:
    """What the vault must hold under a key, and until when."""

    key: str
    digest: Digest
    size: int
    retain_until: date


def original_key(digest: Digest) -> str:
    return f"originals/{digest.hex[:2]}/{digest.hex}"


def record_key(record_id: str, version: int) -> str:
    return f"records/{record_id}/{version:04d}.json"


def find(connection: Connection, record_id: str) -> Record | None:
    return _record(connection, records.c.id == record_id)


def existing(connection: Connection, record_id: str) -> Record:
    """Raises NotFoundError."""
    record = find(connection, record_id)
    if record is None:
        raise NotFoundError(
            f"没有编号为 {record_id} 的记录；请搜索正确的编号。",
            f"There is no record {record_id}; search for the right one.",
        )
    return record


def find_or_claim(connection: Connection, record_id: str, identity: str | None) -> Record | None:
    """The record of this id, else the one of the invoice with this identity."""
    if identity is None:
        return find(connection, record_id)
    either = select(records.c.id, records.c.content).where(
        or_(records.c.id == record_id, records.c.identity == identity)
    )
    found = sorted(connection.execute(either), key=lambda row: bool(row.id != record_id))
    return record_json.loads(found[0].content) if found else None


def claim(connection: Connection, identity: str) -> Record | None:
    """The record of the invoice with this identity."""
    return _record(connection, records.c.identity == identity)


def add(connection: Connection, record: Record, content: str) -> None:
    """Rows for a new record; ``content`` is its JSON. Its objects must have been kept before."""
    connection.execute(insert(records).values(columns_of(record) | {"content": content}))
    connection.execute(insert(record_originals), list(original_rows_of(record)))


def advance(connection: Connection, record: Record, content: str, originals_before: int) -> None:
    """The record's rows become those of its new version, which may have further originals."""
    columns = columns_of(record) | {"content": content}
    connection.execute(update(records).where(records.c.id == record.id).values(columns))
    if further := list(original_rows_of(record))[originals_before:]:
        connection.execute(insert(record_originals), further)


def keep_all(connection: Connection, things: Iterable[KeptObject]) -> None:
    """Note what the vault holds, some hundred objects at most; a term is extended, never shortened."""
    wanted = {kept.key: kept for kept in things}
    known = {kept.key: kept for kept in kept_objects(connection, wanted)}
    if new := [_object_columns(kept) for key, kept in wanted.items() if key not in known]:
        connection.execute(insert(objects), new)
    for there in known.values():
        until = wanted[there.key].retain_until
        if there.retain_until < until:
            connection.execute(update(objects).where(objects.c.key == there.key).values(retain_until=until))


def kept_object(connection: Connection, key: str) -> KeptObject | None:
    row = connection.execute(select(objects).where(objects.c.key == key)).one_or_none()
    return _kept(row) if row else None


def kept_objects(connection: Connection, keys: Iterable[str]) -> tuple[KeptObject, ...]:
    """Those of some hundred keys that the vault must hold."""
    return tuple(map(_kept, connection.execute(select(objects).where(objects.c.key.in_(keys)))))


def kept_after(connection: Connection, key: str, limit: int) -> tuple[KeptObject, ...]:
    """The objects whose keys follow a key, in the order of their keys."""
    following = select(objects).where(objects.c.key > key).order_by(objects.c.key).limit(limit)
    return tuple(map(_kept, connection.execute(following)))


def objects_of(connection: Connection, record: Record) -> tuple[KeptObject, ...]:
    """Everything of a record that the vault must hold: its originals and all versions of its JSON."""
    originals = [original_key(original.digest) for original in record.originals]
    versions = objects.c.key.between(f"records/{record.id}/", f"records/{record.id}/\x7f")
    return tuple(map(_kept, connection.execute(select(objects).where(or_(objects.c.key.in_(originals), versions)))))


def last_key(connection: Connection, prefix: str) -> str | None:
    """The last of the keys that begin with a prefix, in the order of the keys."""
    within = objects.c.key.between(prefix, prefix + "\x7f")
    last: str | None = connection.scalar(select(func.max(objects.c.key)).where(within))
    return last


def record_ids_after(connection: Connection, record_id: str, limit: int) -> tuple[str, ...]:
    following = select(records.c.id).where(records.c.id > record_id).order_by(records.c.id).limit(limit)
    return tuple(connection.scalars(following))


def row_fault(connection: Connection, record_id: str) -> str | None:
    """What is wrong with a record's rows, in a word: they must follow from its JSON, and that from the vault's."""
    row = connection.execute(select(records).where(records.c.id == record_id)).one_or_none()
    if row is None:
        return None
    try:
        record = record_json.loads(row.content)
    except ValueError:
        return "content"
    for column, value in columns_of(record).items():
        if row._mapping[column] != value:
            return column
    kept = kept_object(connection, record_key(record.id, record.version))
    if kept is None or kept.digest != Digest.of(row.content.encode()):
        return "content"
    of_record = select(record_originals).where(record_originals.c.record_id == record_id)
    rows = connection.execute(of_record.order_by(record_originals.c.position))
    return None if [dict(row._mapping) for row in rows] == list(original_rows_of(record)) else "originals"


def search(connection: Connection, query: Query, limit: int, after: str | None) -> Page:
    """Newest issue date first. Raises QueryError for an ``after`` that no page has given."""
    conditions = list(_conditions(query))
    total = connection.scalar(select(func.count()).select_from(records).where(*conditions)) or 0
    if after is not None:
        day, record_id = _read_position(after)
        conditions += [day >= LISTED_BY, or_(day > LISTED_BY, records.c.id < record_id)]
    listed = select(*(records.c[name] for name in _LISTED)).where(*conditions)
    rows = connection.execute(listed.order_by(LISTED_BY.desc(), records.c.id.desc()).limit(limit + 1)).all()
    hits = tuple(map(_hit, rows[:limit]))
    return Page(hits, total, _position(hits[-1]) if len(rows) > limit else None)


def expiring(connection: Connection, day: date) -> tuple[Hit, ...]:
    """Records whose term has ended by a day, the first to end first."""
    ended = select(*(records.c[name] for name in _LISTED)).where(records.c.retain_until <= day)
    return tuple(map(_hit, connection.execute(ended.order_by(records.c.retain_until, records.c.id))))


def columns_of(record: Record) -> dict[str, Any]:
    """The row of a record, but for its JSON. Everything in it follows from the record."""
    invoice = record.invoice
    return {
        "id": record.id,
        "version": record.version,
        "identity": invoice.identity,
        "kind": invoice.kind,
        "invoice_code": invoice.invoice_code,
        "invoice_number": invoice.invoice_number,
        "issue_date": invoice.issue_date,
        "seller_name": invoice.seller.name,
        "buyer_name": invoice.buyer.name,
        "total_amount": invoice.total_amount,
        "verification": str(record.verification.status),
        "retain_until": record.retain_until,
        "file_name": record.originals[0].file_name,
        "seller_text": _text((invoice.seller.name, invoice.seller.tax_id)),
        "buyer_text": _text((invoice.buyer.name, invoice.buyer.tax_id)),
        "search_text": _text((*_words(invoice), *(original.file_name for original in record.originals))),
    }


def original_rows_of(record: Record) -> Iterable[dict[str, Any]]:
    for position, original in enumerate(record.originals):
        yield {
            "record_id": record.id,
            "position": position,
            "object_key": original_key(original.digest),
            "digest": original.digest.text,
        }


_LISTED = (
    "id",
    "kind",
    "invoice_code",
    "invoice_number",
    "issue_date",
    "seller_name",
    "buyer_name",
    "total_amount",
    "verification",
    "retain_until",
    "file_name",
)


def _record(connection: Connection, condition: ColumnElement[bool]) -> Record | None:
    content = connection.scalar(select(records.c.content).where(condition))
    return record_json.loads(content) if content is not None else None


def _conditions(query: Query) -> Iterable[ColumnElement[bool]]:
    for word in query.words:
        yield _contains(records.c.search_text, word)
    if query.kind is not None:
        yield records.c.kind == query.kind
    if query.seller is not None:
        yield _contains(records.c.seller_text, query.seller)
    if query.buyer is not None:
        yield _contains(records.c.buyer_text, query.buyer)
    if query.issued_from is not None:
        yield records.c.issue_date >= query.issued_from
    if query.issued_to is not None:
        yield records.c.issue_date <= query.issued_to
    if query.amount_from is not None:
        yield records.c.total_amount >= query.amount_from
    if query.amount_to is not None:
        yield records.c.total_amount <= query.amount_to
    if query.verification is not None:
        yield records.c.verification == query.verification


def _contains(column: ColumnElement[str], word: str) -> ColumnElement[bool]:
    return column.contains(searchable(word), autoescape=True)


def _words(invoice: Invoice) -> tuple[str | None, ...]:
    return (
        invoice.invoice_number,
        invoice.invoice_code,
        invoice.seller.name,
        invoice.seller.tax_id,
        invoice.buyer.name,
        invoice.buyer.tax_id,
        *(line.name for line in invoice.lines),
    )


def _text(values: Iterable[str | None]) -> str:
    return _BETWEEN.join(searchable(value) for value in values if value)


def _hit(row: Row[Any]) -> Hit:
    return Hit(row.id, *(row._mapping[name] for name in _LISTED[1:]))


def _position(hit: Hit) -> str:
    return f"{(hit.issue_date or _UNREAD).isoformat()}.{hit.record}"


def _read_position(after: str) -> tuple[date, str]:
    day, _, record_id = after.partition(".")
    try:
        return date.fromisoformat(day), record_id
    except ValueError as error:
        raise QueryError(
            "翻页位置无效；请重新搜索。", "The place to continue from is not valid; search again."
        ) from error


def _kept(row: Row[Any]) -> KeptObject:
    return KeptObject(row.key, Digest(row.digest), row.size, row.retain_until)


def _object_columns(kept: KeptObject) -> dict[str, Any]:
    return {"key": kept.key, "digest": kept.digest.text, "size": kept.size, "retain_until": kept.retain_until}
