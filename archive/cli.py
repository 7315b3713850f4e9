"""The archive's commands: search, show, check. Tables for people, one JSON object a line (``--json``) for programs."""

import getpass
import json
from collections.abc import Callable, Iterator
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import Progress as Bar
from rich.progress import SpinnerColumn, TextColumn, TimeElapsedColumn

from archive import cli_audit
from archive import search as search_language
from archive.archive import Archive
from archive.audit.entry import Entry
from archive.check import ExpectedInbox, Fault, Progress, Report
from archive.console import FAULTS_FOUND, Data, Json, cell, opened, print_json, screen, table, told
from archive.errors import NotFoundError, StoreUnavailableError
from archive.model import record_json
from archive.model.beijing import BEIJING
from archive.model.hold import Hold
from archive.model.particulars import NAMES
from archive.model.query import Hit, Query
from archive.model.record import Record
from archive.retention.schedule import RetentionClass

_PAGE = 500
_FARTHEST = 36_500
"""Days: a century ahead."""

InboxOf = Callable[[Archive], ExpectedInbox]

Case = Annotated[str, typer.Option("--case", help="案由 the case, e.g. 2026 年税务稽查")]
Reason = Annotated[str, typer.Option("--reason", help="理由 why")]

_EXAMPLE = "例 e.g. 甲公司 销售方:乙 日期:2025-10 金额:>1000"


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
            print_hits(hits(opened(data), asked), as_json)

    @app.command()
    def show(record: str, data: Data = None, as_json: Json = False) -> None:
        """显示一条记录及其历史。 Show a record and its history."""
        with told():
            archive = opened(data)
            print_record(archive.record(record), archive.holds(record), archive.history(record), as_json)

    @app.command()
    def check(data: Data = None, as_json: Json = False) -> None:
        """重新计算全部摘要，核对目录、存储与审计日志。 Re-hash everything; compare catalog, stores and audit log."""
        with told():
            archive = opened(data)
            report = checked(archive, inbox_of(archive) if inbox_of else None)
            print_report(report, as_json)
            print_lag(archive, as_json)
        if not report.clean:
            raise typer.Exit(FAULTS_FOUND)

    @app.command()
    def expiring(
        within: Annotated[int, typer.Option("--within", help="天数 days from today", min=0, max=_FARTHEST)] = 90,
        data: Data = None,
        as_json: Json = False,
    ) -> None:
        """列出保管期已满或即将届满的记录。 List the records whose term has ended or ends soon."""
        with told():
            print_hits(iter(opened(data).expiring(within)), as_json)

    @app.command()
    def retain(
        record: str,
        retention_class: Annotated[RetentionClass | None, typer.Option("--class", help="保管类别 class")] = None,
        booking_year: Annotated[int | None, typer.Option("--booking-year", help="入账会计年度 fiscal year")] = None,
        data: Data = None,
    ) -> None:
        """延长保管期：更长的类别或入账年度。 Keep a record longer: a longer class, or the year it was booked in."""
        with told():
            kept = opened(data).extend(
                record, retention_class=retention_class, booking_year=booking_year, actor=getpass.getuser()
            )
        typer.echo(f"{kept.id}: {kept.retention_class}, 保管至 kept until {kept.retain_until}")

    @app.command()
    def hold(
        case: Case,
        reason: Reason,
        records: Annotated[list[str] | None, typer.Argument(help="记录编号 record ids")] = None,
        query: Annotated[str | None, typer.Option("--query", help=f"查询结果全部保全 all results; {_EXAMPLE}")] = None,
        data: Data = None,
    ) -> None:
        """保全：解除前不得销毁。 Put records, or all results of a search, on legal hold for a case."""
        with told():
            archive = opened(data)
            found = [archive.record(record).id for record in records or ()]  # all of them before the first is held
            if query is not None:
                found += [hit.record for hit in hits(archive, search_language.parse(query))]
            if not found:
                raise NotFoundError("没有要保全的记录。", "There is no record to put on hold.")
            placed = [archive.hold(record, case=case, reason=reason, actor=getpass.getuser()) for record in found]
        typer.echo(
            f"新保全 {sum(placed)} 条，共 {len(found)} 条。 {sum(placed)} of {len(found)} record(s) newly on hold."
        )

    @app.command()
    def release(record: str, case: Case, reason: Reason, data: Data = None) -> None:
        """解除一条记录的保全。 End a record's legal hold for a case."""
        with told():
            opened(data).release(record, case=case, reason=reason, actor=getpass.getuser())
        typer.echo(f"已解除 {record}。 Released: {record}.")

    app.add_typer(cli_audit.app, name="audit")
    return app


app = commands()


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
            print_json(_summary(hit))
        return
    listed = table("记录 record", "票种 kind", "号码 number", "日期 date", "销售方 seller", "购买方 buyer")
    for heading in ("价税合计 total", "查验 verification", "保管至 kept until", "文件 file"):
        listed.add_column(heading, justify="right" if "total" in heading else "left")
    for hit in found:
        listed.add_row(*(cell(value) for value in _row(hit)))
    console = screen()
    console.print(listed)
    console.print(f"共 {listed.row_count} 条 · {listed.row_count} record(s)")


def print_record(record: Record, holds: tuple[Hold, ...], history: tuple[Entry, ...], as_json: bool) -> None:
    if as_json:
        stored = json.loads(record_json.dumps(record))
        stored["verification_reason"] = stored["verification"]["reason"]
        print_json(
            {**stored, **_summary(_hit(record)), "holds": list(map(_hold, holds)), "history": list(map(_act, history))}
        )
        return
    console = screen()
    fields = table("", "")
    for name, value in _fields(record):
        fields.add_row(cell(name), cell(value))
    for hold in holds:
        if hold.is_open:
            fields.add_row(cell("保全 on hold"), cell(f"{hold.case}: {hold.reason} ({hold.placed_by})"))
    console.print(fields)
    originals = table("原件 original", "类型 type", "字节 bytes", "摘要 digest")
    for original in record.originals:
        cells = (original.file_name, original.media_type, str(original.size), original.digest.text)
        originals.add_row(*map(cell, cells))
    console.print(originals)
    acts = table("序号 no.", "时间 time", "人员 who", "操作 act")
    for entry in history:
        time = entry.at.astimezone(BEIJING).strftime("%Y-%m-%d %H:%M:%S")
        acts.add_row(*map(cell, (str(entry.sequence), time, entry.actor, entry.act)))
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


def print_lag(archive: Archive, as_json: bool) -> None:
    """What the second copy of the vault lacks, where there is one. It is no fault: it is made up for by itself."""
    try:
        lag = archive.mirror_lag()
    except StoreUnavailableError as error:
        typer.echo(f"{error.zh} {error.en}", err=True)
        return
    if lag is None:
        return
    oldest = lag.oldest.isoformat() if lag.oldest else None
    if as_json:
        print_json({"mirror_waiting": lag.waiting, "mirror_oldest": oldest})
    elif lag.waiting:
        typer.echo(f"第二副本尚缺 {lag.waiting} 个对象，最早自 {oldest}。", nl=False)
        typer.echo(f" The second copy lacks {lag.waiting} object(s), the oldest since {oldest}.")
    else:
        typer.echo("第二副本完整。 The second copy is complete.")


def print_report(report: Report, as_json: bool) -> None:
    for fault in report.faults:
        if as_json:
            print_json(_fault(fault))
        else:
            typer.echo(f"{fault.kind}: {fault.zh} {fault.en}")
    if as_json:
        print_json(_counts(report))
        return
    typer.echo(
        f"已检查 {report.objects} 个对象（{report.bytes} 字节）、{report.records} 条记录、{report.entries} 条审计日志："
        f"{len(report.faults)} 处异常。 Checked {report.objects} objects ({report.bytes} bytes), {report.records} "
        f"records, {report.entries} audit entries: {len(report.faults)} fault(s)."
    )
    if not report.inbox_checked:
        typer.echo("未检查收件箱。 The inbox was not checked.")


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
    yield from ((f"{zh} {name}", value) for name, zh in NAMES.items() if (value := invoice.particulars.get(name)))
    yield "version", str(record.version)
    yield "查验 verification", f"{record.verification.zh} {record.verification.en}"
    for finding in record.findings:
        yield finding.code, f"{finding.zh} {finding.en}"


def _hold(hold: Hold) -> dict[str, str | None]:
    return {
        "case": hold.case,
        "reason": hold.reason,
        "placed_at": hold.placed_at.isoformat(),
        "placed_by": hold.placed_by,
        "released_at": hold.released_at.isoformat() if hold.released_at else None,
        "released_by": hold.released_by,
        "release_reason": hold.release_reason,
    }


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
