"""The command line: one command for each thing people do with Piaoku."""

import getpass
import json
import logging
import socket
import sys
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from queue import SimpleQueue
from typing import Annotated, Any, NoReturn

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from archive import cli as custody
from archive import console
from archive.errors import ArchiveError
from archive.model.beijing import beijing_date
from archive.model.digest import Digest
from ingest import bootstrap, importing, logs
from ingest.errors import DataFolderBusyError, IngestError, UnreadableError
from ingest.importing import Acceptance
from ingest.jobs.local import working
from ingest.jobs.lock import sole_worker
from ingest.model.decision import Known
from ingest.model.document import Arrival, Document, DocumentState
from ingest.pipeline import decide
from ingest.reading_json import answer
from ingest.settings import Settings
from ingest.sources.folder import printable

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, rich_markup_mode=None)
Data = Annotated[Path | None, typer.Option("--data", help="数据目录 / data folder (PIAOKU_DATA, ./data)")]
Json = Annotated[bool, typer.Option("--json", help="每行一个 JSON 对象 / one JSON object a line")]

EXIT_FAULT = 1
SAMPLES = Path(__file__).parents[1] / "fixtures"


def main() -> None:
    logs.to_stderr(logging.WARNING)
    try:
        app()
    except ArchiveError as error:
        _fail(error, console.exit_code(error))
    except IngestError as error:
        _fail(error, EXIT_FAULT)


def _fail(error: IngestError | ArchiveError, code: int) -> NoReturn:
    print(f"{error.code}: {error.zh} {error.en}", file=sys.stderr)
    sys.exit(code)


def _settings(data: Path | None, **given: Any) -> Settings:
    chosen = {name: value for name, value in {"data": data, **given}.items() if value is not None}
    return Settings(**chosen)


@app.command("read")
def read(files: list[Path], as_json: Json = False) -> None:
    """只识别，不保存 / Read files without storing anything."""
    settings = _settings(None)
    idle: SimpleQueue[Any] = SimpleQueue()
    today = beijing_date(datetime.now(UTC))

    def one(path: Path) -> dict[str, Any]:
        sandbox = idle.get()
        try:
            return _read_one(path, sandbox, today)
        finally:
            idle.put(sandbox)

    sandboxes = [bootstrap.sandbox(settings) for _ in range(min(settings.workers, len(files)))]
    for sandbox in sandboxes:
        idle.put(sandbox)
    failed = 0
    try:
        with ThreadPoolExecutor(len(sandboxes)) as pool:
            for result in pool.map(one, files):
                failed += result["error"] is not None
                print(json.dumps(result, ensure_ascii=False) if as_json else _summary(result), flush=True)
    finally:
        for sandbox in sandboxes:
            sandbox.close()
    raise typer.Exit(EXIT_FAULT if failed == len(files) else 0)


def _read_one(path: Path, sandbox: Any, today: Any) -> dict[str, Any]:
    try:
        content = path.read_bytes()
    except OSError as error:
        reason = error.strerror or type(error).__name__
        unreadable = UnreadableError("FILE-NOT-READABLE", f"无法读取：{reason}。", f"Cannot be read: {reason}.")
        return answer(str(path), None, unreadable, ())
    digest = Digest.of(content)
    try:
        examination = sandbox.examine(content, today, None)
    except IngestError as error:
        return answer(str(path), digest, error, ())
    return answer(str(path), digest, examination, [decide(draft, Known(), today) for draft in examination.drafts])


def _summary(result: dict[str, Any]) -> str:
    name = printable(Path(result["file"]).name)
    if result["error"]:
        return f"{name}: {result['error']['code']} {result['error']['message']}"
    if not result["invoices"]:
        return f"{name}: 未识别到发票 / no invoice recognised"
    return "\n".join(f"{name}: {_invoice_line(invoice)}" for invoice in result["invoices"])


def _invoice_line(invoice: dict[str, Any]) -> str:
    shown = ("invoice_code", "invoice_number", "issue_date", "seller_name", "total_amount")
    values = [invoice["fields"][name]["value"] for name in shown if name in invoice["fields"]]
    verdict = {"accept": "通过 / accept", "review": "待审 / review"}[invoice["decision"]]
    return "  ".join([invoice["kind"], *values, verdict, *invoice["reasons"]])


@app.command("import")
def import_(paths: list[Path], data: Data = None, as_json: Json = False) -> None:
    """接收并处理文件或文件夹 / Accept and process files or folders."""
    service = bootstrap.build(_settings(data))
    batch = importing.new_batch(datetime.now(UTC))
    accepted: dict[str, Acceptance] = {}
    refused, again = 0, 0
    with _progress(as_json) as progress:
        bar = progress.add_task("接收 / accept", total=None)
        for acceptance in importing.accept_all(service, paths, getpass.getuser(), batch):
            progress.advance(bar)
            if acceptance.receipt is None:
                refused += 1
                _tell_refused(acceptance, as_json)
            elif acceptance.receipt.document in accepted:
                again += 1
            else:
                accepted[acceptance.receipt.document] = acceptance
        progress.update(bar, total=len(accepted) + refused + again)
        bar = progress.add_task("处理 / process", total=len(accepted))
        states: Counter[str] = Counter()
        for document in importing.work_off(service, batch, set(accepted)):
            progress.advance(bar)
            states[document.state] += 1
            _tell_done(document, accepted[document.id], as_json)
    if not as_json:
        _tell_total(len(accepted), again, refused, states)
    raise typer.Exit(EXIT_FAULT if refused or not accepted else 0)


@contextmanager
def _progress(quiet: bool) -> Iterator[Progress]:
    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, disable=quiet or not console.is_terminal) as progress:
        yield progress


def _tell_refused(acceptance: Acceptance, as_json: bool) -> None:
    error = acceptance.error
    assert error is not None
    name = printable(str(acceptance.file.path))
    if as_json:
        told = {"file": name, "document": None, "state": "refused", "reasons": [error.code], "records": []}
        print(json.dumps(told, ensure_ascii=False), flush=True)
    else:
        print(f"{name}: {error.code} {error.zh} {error.en}", file=sys.stderr)


def _tell_done(document: Document, acceptance: Acceptance, as_json: bool) -> None:
    name = printable(str(acceptance.file.path))
    reasons = list(dict.fromkeys(reason.code for reason in document.reasons))
    if as_json:
        told = {"file": name, "document": document.id, "state": document.state, "reasons": reasons}
        print(json.dumps({**told, "records": document.records}, ensure_ascii=False), flush=True)
        return
    word = {
        DocumentState.FILED: "已归档 / filed",
        DocumentState.REVIEW: "待人工 / to review",
        DocumentState.UNREADABLE: "无法识别 / unreadable",
    }[document.state]
    print("  ".join([f"{name}: {word}", *document.records, *reasons]))


def _tell_total(accepted: int, again: int, refused: int, states: Counter[str]) -> None:
    table = Table(show_header=False, box=None)
    table.add_row("接收 / accepted", str(accepted))
    table.add_row("重复 / sent again", str(again))
    table.add_row("未接收 / refused", str(refused))
    table.add_row("已归档 / filed", str(states[DocumentState.FILED]))
    table.add_row("待人工 / to review", str(states[DocumentState.REVIEW]))
    table.add_row("无法识别 / unreadable", str(states[DocumentState.UNREADABLE]))
    Console().print(table)


@app.command()
def serve(
    data: Data = None,
    host: Annotated[str | None, typer.Option(help="监听地址 / address (PIAOKU_HOST, 127.0.0.1)")] = None,
    port: Annotated[int | None, typer.Option(help="端口 / port (PIAOKU_PORT, 8000)")] = None,
) -> None:
    """启动服务 / Serve the web page and work off what arrives."""
    _serve(_settings(data, host=host, port=port))


@app.command()
def demo(
    data: Data = None,
    host: Annotated[str | None, typer.Option(help="监听地址 / address")] = None,
    port: Annotated[int | None, typer.Option(help="端口 / port")] = None,
) -> None:
    """演示：在单独目录中处理虚构发票 / Serve invented sample invoices from a folder of their own."""
    chosen = _settings(data, host=host, port=port)
    _serve(chosen.model_copy(update={"data": chosen.data / "demo", "demo": True}))


def _accept_samples(service: bootstrap.Service) -> None:
    """Three invented invoices of each kind: enough to look around in."""
    samples = [path for kind in sorted(SAMPLES.iterdir()) for path in sorted(kind.glob("*/source.*"))[:3]]
    if not samples:
        raise IngestError(
            "NO-SAMPLES",
            f"未找到示例发票 {SAMPLES}；请在源码目录中运行演示。",
            f"There are no sample invoices in {SAMPLES}; run the demonstration from the source tree.",
        )
    for sample in samples:
        arrival = Arrival(
            f"{sample.parent.name}{sample.suffix}", sample.parent.parent.name, "demo", "piaoku", "demo-invoices"
        )
        service.inbox.accept(arrival, [sample.read_bytes()])


def _serve(settings: Settings) -> None:
    import uvicorn  # only the service needs it

    from ingest.web.app import create_app

    logs.to_stderr(logging.INFO)
    settings.data.mkdir(parents=True, exist_ok=True, mode=0o700)
    with sole_worker(settings.data) as ours, _listening(settings) as door:
        if not ours:
            raise DataFolderBusyError(str(settings.data))
        service = bootstrap.build(settings)
        service.recover()
        if settings.demo:
            _accept_samples(service)
        address = _address(settings, door.getsockname()[1])
        print(f"票库已启动 / Piaoku is running: {address}", flush=True)
        if link := service.access.first_link():
            print(f"首位管理员的一次性链接 / one-time link for the first administrator:\n{address}{link}", flush=True)
        server = uvicorn.Server(uvicorn.Config(create_app(service.web_parts()), log_config=None, access_log=False))
        with working(service.worker, settings.workers), working(service.upkeep, 1, "upkeep"):
            server.run(sockets=[door])


@contextmanager
def _listening(settings: Settings) -> Iterator[socket.socket]:
    try:
        door = socket.create_server((settings.host, settings.port))
    except OSError as error:
        raise IngestError(
            "ADDRESS-IN-USE",
            f"无法监听 {settings.host}:{settings.port}（{error.strerror}）；请用 --port 换一个端口。",
            f"Cannot listen on {settings.host}:{settings.port} ({error.strerror}); choose another with --port.",
        ) from error
    with door:
        # asyncio sets this only on sockets it opened itself; without it answers wait 40 ms for an acknowledgement.
        door.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        yield door


@app.command()
def link(data: Data = None) -> None:
    """生成一次性管理员链接 / Make a one-time link for an administrator."""
    settings = _settings(data)
    print(f"{_address(settings, settings.port)}{bootstrap.build(settings).access.new_link()}")


def _address(settings: Settings, port: int) -> str:
    """Where a browser on this machine finds the service."""
    host = "127.0.0.1" if settings.host in ("0.0.0.0", "::") else settings.host  # noqa: S104
    return f"http://{host}:{port}"


app.add_typer(custody.commands(bootstrap.expected_in_inbox))
