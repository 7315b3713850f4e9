"""Files and folders named on the command line."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from ingest.errors import NotAcceptedError
from ingest.model.document import Arrival

CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class FoundFile:
    """A file to import. ``folder`` is its place below the path that was named, as text for people."""

    path: Path
    folder: str

    def arrival(self, received_from: str, received_by: str, batch: str) -> Arrival:
        return Arrival(printable(self.path.name), printable(self.folder), received_from, received_by, batch)


def find_files(paths: Iterable[Path]) -> Iterator[FoundFile]:
    """All files named or lying below the named folders, in order of their names. Hidden files and links are left out.

    A path that does not exist is yielded too; reading it then says so.
    """
    for path in paths:
        if not path.is_dir():
            yield FoundFile(path, "")
            continue
        for below in sorted(path.rglob("*")):
            inside = below.relative_to(path)
            hidden = any(part.startswith(".") for part in inside.parts)
            if not hidden and not below.is_symlink() and below.is_file():
                yield FoundFile(below, str(Path(path.resolve().name) / inside.parent))


def read_chunks(found: FoundFile) -> Iterator[bytes]:
    """The bytes of a file. Raises NotAcceptedError where it cannot be read."""
    try:
        with found.path.open("rb") as stream:
            while chunk := stream.read(CHUNK):
                yield chunk
    except OSError as error:
        name, reason = printable(str(found.path)), error.strerror or type(error).__name__
        raise NotAcceptedError(
            "FILE-NOT-READABLE",
            f"无法读取“{name}”（{reason}）；请检查路径和权限。",
            f"“{name}” cannot be read ({reason}); check the path and its permissions.",
        ) from error


def printable(name: str) -> str:
    """A file name as text that can be stored and shown: bytes that are no UTF-8 and control characters are escaped."""
    whole = name.encode("utf-8", "backslashreplace").decode()
    return "".join(sign if sign.isprintable() else sign.encode("unicode_escape").decode() for sign in whole)
