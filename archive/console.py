"""What all commands share: options, errors as exit codes, JSON lines and tables."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from archive.archive import Archive
from archive.bootstrap import open_archive
from archive.errors import (
    ArchiveError,
    ConflictError,
    IntegrityError,
    NotFoundError,
    QueryError,
    RetentionError,
    StoreUnavailableError,
)
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

_WIDE = 220
"""Columns of a table that nobody's screen limits (a pipe, a file): identifiers are never cut there."""

Data = Annotated[Path | None, typer.Option("--data", help="数据目录 data folder (PIAOKU_DATA, else ./data)")]
Json = Annotated[bool, typer.Option("--json", help="每行一个 JSON one JSON object a line")]


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


def opened(data: Path | None) -> Archive:
    settings = ArchiveSettings() if data is None else ArchiveSettings(data=data)
    return open_archive(settings, create=False)


def print_json(value: Mapping[str, Any]) -> None:
    typer.echo(json.dumps(value, ensure_ascii=False))


def screen() -> Console:
    console = Console()
    return console if console.is_terminal else Console(width=_WIDE)


def table(*headings: str) -> Table:
    return Table(*headings, box=None, pad_edge=False, show_header=any(headings))


def cell(value: str | None) -> Text:
    """Text as it is: neither markup nor control characters in a sender's file name do anything here."""
    return Text("".join(letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}" for letter in value or ""))
