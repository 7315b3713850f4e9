"""The archive's commands: search, show, check. Tables for people, one JSON object a line (``--json``) for programs."""

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import Progress as Bar
from rich.progress import SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text

from archive import search as search_language
from archive.archive import Archive
from archive.audit.entry import Entry
from archive.bootstrap import open_archive
from archive.check import ExpectedInbox, Fault, Progress, Report
from archive.errors import (
    ArchiveError,
    ConflictError,
    IntegrityError,
    NotFoundError,
    QueryError,
    RetentionError,
    StoreUnavailableError,
)
from archive.model import record_json
from archive.model.beijing import BEIJING
from archive.model.query import Hit, Query
from archive.model.record import Record
from archive.settings import ArchiveSettings

EXIT_CODES: Mapping[type[ArchiveError], int] = {
    QueryError: 2,
    NotFoundError: 3,
    RetentionError: 4,
    ConflictError: 5,
    IntegrityError: 6,
    StoreUnavailableError: 75,
    ArchiveError: 70,
}
"""1 is kept for what a command found wrong (``check``), 75 means: try again later."""

FAULTS_FOUND = 1
_PAGE = 500
_WIDE = 220
"""Columns of a table that nobody's screen limits (a pipe, a file): identifiers are never cut there."""

InboxOf = Callable[[Archive], ExpectedInbox]

_EXAMPLE = "例 e.g. 甲公司 销售方:乙 日期:2025-10 金额:>1000"
Data = Annotated[Path | None, typer.Option("--data", help="数据目录 data folder (PIAOKU_DATA, else ./data)")]
Json = Annotated[bool, typer.Option("--json", help="每行一个 JSON one JSON object a line")]


def commands(inbox_of: InboxOf | None = None) -> typer.Typer:
    """The commands. ``inbox_of`` tells ``check`` what intake expects in the inbox, which else is not checked."""
    app = typer.Typer(add_completion=False, no_args_is_help=True)

    @app.command()
    def search(
        query: Annotated[list[str] | None, typer.Argument(help=_EXAMPLE)] = None,
        data: Data = None,
        as_json: Json = False,
    ) -> None:
        """搜索记录；不带条件则列出全部。 Search the records; without a query, list them all."""
        with told():
            asked = search_language.parse(" ".join(query or ()))
            print_hits(hits(_open(data), asked), as_json)

    @app.command()
    def show(record: str, data: Data = None, as_json: Json = False) -> None:
        """显示一条记录及其历史。 Show a record and its history."""
        with told():
            archive = _open(data)
            print_record(archive.record(record), archive.history(record), as_json)

    @app.command()
    def check(data: Data = None, as_json: Json = False) -> None:
        """重新计算全部摘要，核对目录、存储与审计日志。 Re-hash everything; compare catalog, stores and audit log."""
        with told():
            archive = _open(data)
            report = checked(archive, inbox_of(archive) if inbox_of else None)
            print_report(report, as_json)
        if not report.clean:
            raise typer.Exit(FAULTS_FOUND)

    return app


app = commands()


def exit_code(error: ArchiveError) -> int:
    """The exit code of the nearest class in the table."""
    return next(EXIT_CODES[cls] for cls in type(error).__mro__ if cls in EXIT_CODES)


@contextmanager
def told() -> Iterator[None]:
    """An ArchiveError ends the command with one line on stderr and its exit code."""
    try:
        yield
    except ArchiveError as error:
        typer.echo(f"{error.zh} {error.en}", err=True)
        raise typer.Exit(exit_code(error)) from error


def hits(archive: Archive, query: Query) -> Iterator[Hit]:
    """All hits, page by page."""
    after = None
    while True:
        page = archive.search(query, _PAGE, after)
        yield from page.hits
        after = page.after
        if after is None:
            return


def print_hits(found: Iterator[Hit], as_json: bool) -> None:
    if as_json:
        for hit in found:
            _print_json(_summary(hit))
        return
    table = _table("记录 record", "票种 kind", "号码 number", "日期 date", "销售方 seller", "购买方 buyer")
    for heading in ("价税合计 total", "查验 verification", "保管至 kept until", "文件 file"):
        table.add_column(heading, justify="right" if "total" in heading else "left")
    for hit in found:
        table.add_row(*(_cell(value) for value in _row(hit)))
    console = _console()
    console.print(table)
    console.print(f"共 {table.row_count} 条 · {table.row_count} record(s)")


def print_record(record: Record, history: tuple[Entry, ...], as_json: bool) -> None:
    if as_json:
        stored = json.loads(record_json.dumps(record))
        stored["verification_reason"] = stored["verification"]["reason"]
        _print_json({**stored, **_summary(_hit(record)), "history": [_act(entry) for entry in history]})
        return
    console = _console()
    fields = _table("", "")
    for name, value in _fields(record):
        fields.add_row(_cell(name), _cell(value))
    console.print(fields)
    originals = _table("原件 original", "类型 type", "字节 bytes", "摘要 digest")
    for original in record.originals:
        cells = (original.file_name, original.media_type, str(original.size), original.digest.text)
        originals.add_row(*map(_cell, cells))
    console.print(originals)
    acts = _table("序号 no.", "时间 time", "人员 who", "操作 act")
    for entry in history:
        time = entry.at.astimezone(BEIJING).strftime("%Y-%m-%d %H:%M:%S")
        acts.add_row(*map(_cell, (str(entry.sequence), time, entry.actor, entry.act)))
    console.print(acts)


def checked(archive: Archive, expected_inbox: ExpectedInbox | None) -> Report:
    """Checks, and shows on a terminal how far it is."""
    console = Console(stderr=True)
    columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    with Bar(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task("")

        def tell(done: Progress) -> None:
            megabytes = done.bytes / 1_000_000
            bar.update(task, description=f"{done.objects} objects · {megabytes:.1f} MB · {done.records} records")

        return archive.check(expected_inbox, tell)


def print_report(report: Report, as_json: bool) -> None:
    for fault in report.faults:
        if as_json:
            _print_json(_fault(fault))
        else:
            typer.echo(f"{fault.kind}: {fault.zh} {fault.en}")
    if as_json:
        _print_json(_counts(report))
        return
    typer.echo(
        f"已检查 {report.objects} 个对象（{report.bytes} 字节）、{report.records} 条记录、{report.entries} 条审计日志："
        f"{len(report.faults)} 处异常。 Checked {report.objects} objects ({report.bytes} bytes), {report.records} "
        f"records, {report.entries} audit entries: {len(report.faults)} fault(s)."
    )
    if not report.inbox_checked:
        typer.echo("未检查收件箱。 The inbox was not checked.")


def _open(data: Path | None) -> Archive:
    settings = ArchiveSettings() if data is None else ArchiveSettings(data=data)
    return open_archive(settings, create=False)


def _hit(record: Record) -> Hit:
    invoice = record.invoice
    return Hit(
        record=record.id,
        kind=invoice.kind,
        invoice_code=invoice.invoice_code,
        invoice_number=invoice.invoice_number,
        issue_date=invoice.issue_date,
        seller_name=invoice.seller.name,
        buyer_name=invoice.buyer.name,
        total_amount=invoice.total_amount,
        verification=str(record.verification.status),
        retain_until=record.retain_until,
        file_name=record.originals[0].file_name,
    )


def _summary(hit: Hit) -> dict[str, str | None]:
    return {
        "record": hit.record,
        "kind": hit.kind,
        "invoice_number": hit.invoice_number,
        "invoice_code": hit.invoice_code,
        "issue_date": hit.issue_date.isoformat() if hit.issue_date else None,
        "seller_name": hit.seller_name,
        "buyer_name": hit.buyer_name,
        "total_amount": None if hit.total_amount is None else f"{hit.total_amount:.2f}",
        "verification": hit.verification,
        "retain_until": hit.retain_until.isoformat(),
        "file_name": hit.file_name,
    }


def _row(hit: Hit) -> tuple[str | None, ...]:
    told = _summary(hit)
    number = " ".join(part for part in (hit.invoice_code, hit.invoice_number) if part)
    names = ("issue_date", "seller_name", "buyer_name", "total_amount", "verification", "retain_until", "file_name")
    return hit.record, hit.kind, number, *(told[name] for name in names)


def _fields(record: Record) -> Iterator[tuple[str, str | None]]:
    yield from _summary(_hit(record)).items()
    invoice = record.invoice
    yield "seller_tax_id", invoice.seller.tax_id
    yield "buyer_tax_id", invoice.buyer.tax_id
    yield "version", str(record.version)
    yield "查验 verification", f"{record.verification.zh} {record.verification.en}"
    for finding in record.findings:
        yield finding.code, f"{finding.zh} {finding.en}"


def _act(entry: Entry) -> dict[str, Any]:
    return {
        "sequence": entry.sequence,
        "at": entry.at.isoformat(),
        "actor": entry.actor,
        "act": entry.act,
        "details": dict(entry.details),
    }


def _fault(fault: Fault) -> dict[str, str | None]:
    digest = fault.digest.text if fault.digest else None
    return {
        "fault": str(fault.kind),
        "area": str(fault.area),
        "key": fault.key,
        "digest": digest,
        "zh": fault.zh,
        "en": fault.en,
    }


def _counts(report: Report) -> dict[str, int | bool]:
    return {
        "clean": report.clean,
        "faults": len(report.faults),
        "objects": report.objects,
        "bytes": report.bytes,
        "records": report.records,
        "entries": report.entries,
        "inbox_checked": report.inbox_checked,
    }


def _print_json(value: Mapping[str, Any]) -> None:
    typer.echo(json.dumps(value, ensure_ascii=False))


def _console() -> Console:
    console = Console()
    return console if console.is_terminal else Console(width=_WIDE)


def _table(*headings: str) -> Table:
    return Table(*headings, box=None, pad_edge=False, show_header=any(headings))


def _cell(value: str | None) -> Text:
    """Text as it is: neither markup nor control characters in a sender's file name do anything here."""
    return Text("".join(letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}" for letter in value or ""))
