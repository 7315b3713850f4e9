"""Zips from strangers: entries are looked up, never unpacked to disk, and never beyond the limits."""

import io
import zipfile
from pathlib import Path

import pytest

from fixtures.generator.packing import packed
from ingest.errors import UnreadableError
from ingest.readers import limits
from ingest.readers.container import Container, resolved


def refused(content: bytes, path: str = "") -> str:
    with pytest.raises(UnreadableError) as error:
        Container(content).read(path)
    return error.value.code


def test_files_are_found_by_their_paths() -> None:
    container = Container(packed({"a/b.xml": b"<b/>", "./c.xml": b"<c/>", "d\\e.xml": b"<e/>"}))
    assert container.paths == ("a/b.xml", "c.xml", "d/e.xml")
    assert (container.read("a/b.xml"), container.read("none"), container.read(None)) == (b"<b/>", None, None)


@pytest.mark.parametrize("name", ["../up.xml", "a/../../up.xml", "..\\up.xml"])
def test_paths_that_climb_out_are_not_there(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    container = Container(packed({name: b"x"}))
    assert container.paths == ()
    assert container.read(name) is None
    assert list(tmp_path.parent.glob("up.xml")) == []


@pytest.mark.parametrize(
    ("folder", "location", "path"),
    [
        ("Doc_0", "Pages/P.xml", "Doc_0/Pages/P.xml"),
        ("Doc_0", "/Doc_0/P.xml", "Doc_0/P.xml"),
        ("Doc_0/Attachs", "../P.xml", "Doc_0/P.xml"),
        ("Doc_0", "../../etc/hostname", None),
        ("", "", None),
    ],
)
def test_locations_are_seen_from_their_folder(folder: str, location: str, path: str | None) -> None:
    assert resolved(folder, location) == path


def test_too_many_files_are_refused_before_any_is_read() -> None:
    assert refused(packed({f"{n}.xml": b"" for n in range(limits.MAX_ENTRIES + 1)})) == "ARCHIVE-TOO-LARGE"


def test_a_file_that_unpacks_to_far_more_is_refused() -> None:
    assert refused(packed({"a": bytes(limits.RATIO_FLOOR * 2)}), "a") == "ARCHIVE-TOO-LARGE"
    assert Container(packed({"a": bytes(limits.RATIO_FLOOR // 2)})).read("a") == bytes(limits.RATIO_FLOOR // 2)


def test_a_file_beyond_the_limit_is_refused_by_the_size_it_declares(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ingest.readers.container.MAX_ENTRY_BYTES", 10)
    assert refused(packed({"a": b"12345678901"}), "a") == "ARCHIVE-TOO-LARGE"


def test_all_files_together_have_a_limit_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ingest.readers.container.MAX_UNPACKED_BYTES", 15)
    container = Container(packed({"a": b"1234567890", "b": b"1234567890"}))
    assert container.read("a")
    with pytest.raises(UnreadableError):
        container.read("b")


def test_a_file_that_lies_about_its_size_is_broken() -> None:
    content = packed({"a": b"1" * 100})
    assert refused(content.replace((100).to_bytes(4, "little"), (9).to_bytes(4, "little")), "a") == "BROKEN"


@pytest.mark.parametrize("share", [0.2, 0.6, 0.95])
def test_a_zip_cut_off_is_broken(share: float) -> None:
    content = packed({f"{n}.xml": b"<a/>" * 50 for n in range(10)})
    assert refused(content[: int(len(content) * share)]) == "BROKEN"


def test_a_zip_with_a_password_says_so() -> None:
    content = io.BytesIO(packed({"a": b"x"}))
    with zipfile.ZipFile(content) as archive:
        place = archive.infolist()[0].header_offset
    locked = bytearray(content.getvalue())
    central = locked.rindex(b"PK\x01\x02")
    locked[place + 6] |= 1
    locked[central + 8] |= 1
    assert refused(bytes(locked), "a") == "ENCRYPTED"
