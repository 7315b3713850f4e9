"""What is lost is made again, once, in a process of its own; who asks meanwhile is told to come back."""

import io
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, suppress
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import IO

import pytest
from PIL import Image

from archive.errors import NotFoundError
from archive.model.digest import Digest
from archive.model.evidence import Source
from ingest.errors import BeingMadeError, ReaderFailedError, UnreadableError
from ingest.model.draft import Examination
from ingest.model.page import Page
from ingest.readers.picture import kept
from ingest.renditions.metadata import Heading
from ingest.renditions.order import Order, Wanted
from ingest.renditions.page_text import of_page, to_json
from ingest.renditions.store import Renditions
from ingest.renditions.studio import Studio
from ingest.sandbox import Keep, Limits, Sandbox
from tests.ingest.renditions.invented import encoded, scan
from tests.ingest.renditions.pdfa import faults

PHOTO = encoded(scan((320, 240)), "JPEG")
DIGEST = Digest.of(PHOTO)
HEADING = Heading("a.jpg", DIGEST, datetime(2026, 11, 20, tzinfo=UTC))
PICTURE = kept(Image.new("RGB", (320, 240), "white"))
TEXT = of_page(Page(1, 320, 240, Source.OCR, ()))
DATA = of_page(Page(2, 0, 0, Source.XML, ()))


class PlayedSandbox:
    """A reading process that counts what it is asked, and waits or fails on command."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.closed = 0
        self.may_go_on = threading.Event()
        self.may_go_on.set()
        self.failure: Exception | None = None

    def __enter__(self) -> "PlayedSandbox":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        self.closed += 1

    def examine(self, content: bytes, today: date, keep_page: Keep, keep_text: Keep) -> Examination:
        self._work("examine")
        assert content == PHOTO
        keep_page(1, PICTURE)
        keep_text(1, to_json(TEXT))
        keep_text(2, to_json(DATA))
        return Examination("image/jpeg", 2, 0.1, ())

    def draw(self, order: bytes, content: bytes, keep_page: Keep, write: Callable[[bytes], object]) -> None:
        told = Order.from_json(order)
        self._work(told.wanted)
        if told.wanted is Wanted.COPY:
            assert told.heading is not None
            assert told.heading.digest == DIGEST
            write(b"%PDF")
        else:
            keep_page(1, PICTURE)

    def _work(self, what: str) -> None:
        self.asked.append(what)
        self.may_go_on.wait(10)
        if self.failure is not None:
            raise self.failure


@pytest.fixture
def kept_here(tmp_path: Path) -> Renditions:
    return Renditions(tmp_path / "renditions")


@pytest.fixture
def sandbox() -> PlayedSandbox:
    return PlayedSandbox()


@pytest.fixture
def studio(kept_here: Renditions, sandbox: PlayedSandbox, monkeypatch: pytest.MonkeyPatch) -> Iterator[Studio]:
    monkeypatch.setattr("ingest.renditions.studio._IDLE", 0.2)
    yield Studio(kept_here, original, lambda: sandbox)  # type: ignore[arg-type,return-value]
    sandbox.may_go_on.set()


def original(digest: Digest) -> AbstractContextManager[IO[bytes]]:
    if digest != DIGEST:
        raise NotFoundError("没有。", "There is none.")
    return io.BytesIO(PHOTO)


def after_reading(renditions: Renditions) -> None:
    renditions.keep_text(DIGEST, 1, to_json(TEXT))
    renditions.keep_text(DIGEST, 2, to_json(DATA))
    renditions.keep_count(DIGEST, 2)


def test_a_picture_that_is_there_is_not_made(kept_here: Renditions, studio: Studio, sandbox: PlayedSandbox) -> None:
    kept_here.keep_picture(DIGEST, 1, b"here")
    assert studio.picture(DIGEST, 1) == b"here"
    assert sandbox.asked == []


def test_a_lost_picture_is_drawn_from_the_words_that_are_kept(
    kept_here: Renditions, studio: Studio, sandbox: PlayedSandbox
) -> None:
    after_reading(kept_here)
    assert studio.picture(DIGEST, 1) == PICTURE
    assert sandbox.asked == ["pictures"]


def test_where_all_is_lost_the_document_is_read_once_more(
    kept_here: Renditions, studio: Studio, sandbox: PlayedSandbox
) -> None:
    assert studio.picture(DIGEST, 1) == PICTURE
    assert kept_here.texts(DIGEST) == {1: TEXT, 2: DATA}
    assert studio.copy(HEADING).read_bytes() == b"%PDF"
    assert sandbox.asked == ["examine", "copy"]


@pytest.mark.parametrize("page", [2, 3, 0, -1, 10**6])
def test_a_page_that_shows_nothing_is_not_asked_for_again(
    kept_here: Renditions, studio: Studio, sandbox: PlayedSandbox, page: int
) -> None:
    after_reading(kept_here)
    assert studio.picture(DIGEST, page) is None
    assert sandbox.asked == []


def test_a_thumbnail_is_made_from_the_picture(kept_here: Renditions, studio: Studio, sandbox: PlayedSandbox) -> None:
    after_reading(kept_here)
    assert studio.thumbnail(DIGEST) == PICTURE
    assert studio.thumbnail(DIGEST) == PICTURE
    assert sandbox.asked == ["pictures", "thumbnail"]


def test_a_document_that_is_not_there_has_nothing(studio: Studio, sandbox: PlayedSandbox) -> None:
    unknown = Digest.of(b"unknown")
    assert studio.picture(unknown, 1) is None
    assert studio.thumbnail(unknown) is None
    with pytest.raises(NotFoundError):
        studio.copy(replace(HEADING, digest=unknown))
    assert sandbox.asked == []


def test_many_who_ask_at_once_have_it_made_once(kept_here: Renditions, studio: Studio, sandbox: PlayedSandbox) -> None:
    after_reading(kept_here)
    sandbox.may_go_on.clear()
    answers: list[bytes | None] = []
    asking = [threading.Thread(target=lambda: answers.append(studio.picture(DIGEST, 1))) for _ in range(8)]
    for thread in asking:
        thread.start()
    sandbox.may_go_on.set()
    for thread in asking:
        thread.join(10)
    assert answers == [PICTURE] * 8
    assert sandbox.asked == ["pictures"]


def test_who_has_waited_long_enough_is_told_to_come_back_and_then_has_it(
    kept_here: Renditions, studio: Studio, sandbox: PlayedSandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    after_reading(kept_here)
    sandbox.may_go_on.clear()
    with monkeypatch.context() as hurried:
        hurried.setattr("ingest.renditions.studio.PATIENCE", 0.05)
        for _ in range(3):
            with pytest.raises(BeingMadeError):
                studio.copy(HEADING)
    sandbox.may_go_on.set()
    assert studio.copy(HEADING).read_bytes() == b"%PDF"
    assert sandbox.asked == ["copy"]


def test_no_more_than_so_many_things_wait(
    studio: Studio, sandbox: PlayedSandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ingest.renditions.studio.PATIENCE", 0)
    sandbox.may_go_on.clear()
    studio._tasks.maxsize = 3
    for number in range(10):
        with pytest.raises(BeingMadeError):
            studio.copy(replace(HEADING, title=str(number)))
    assert len(studio._pending) <= 4


@pytest.mark.parametrize("failure", [UnreadableError("ENCRYPTED", "密。", "No."), ReaderFailedError("HUNG", "。", ".")])
def test_a_failure_is_told_again_and_not_repeated(studio: Studio, sandbox: PlayedSandbox, failure: Exception) -> None:
    sandbox.failure = failure
    for _ in range(3):
        with pytest.raises(type(failure)):
            studio.copy(HEADING)
    assert sandbox.asked == ["examine"]


def test_a_surprise_ends_neither_the_studio_nor_what_comes_after(
    kept_here: Renditions, studio: Studio, sandbox: PlayedSandbox
) -> None:
    after_reading(kept_here)
    sandbox.failure = KeyError("surprise")
    with pytest.raises(KeyError):
        studio.copy(HEADING)
    sandbox.failure = None
    assert studio.picture(DIGEST, 1) == PICTURE


def test_a_copy_that_was_cut_short_is_not_there(kept_here: Renditions, studio: Studio, sandbox: PlayedSandbox) -> None:
    with suppress(RuntimeError), kept_here.new_copy(DIGEST) as file:
        file.write(b"%PDF")
        raise RuntimeError("power cut")
    assert kept_here.copy(DIGEST) is None
    after_reading(kept_here)
    assert studio.copy(HEADING).read_bytes() == b"%PDF"


def test_when_nothing_is_asked_for_the_process_is_ended_and_started_again(
    kept_here: Renditions, studio: Studio, sandbox: PlayedSandbox
) -> None:
    after_reading(kept_here)
    assert studio.picture(DIGEST, 1) == PICTURE
    thread = studio._thread
    assert thread is not None
    thread.join(10)
    assert sandbox.closed == 1
    assert studio.copy(HEADING).read_bytes() == b"%PDF"


@pytest.mark.parametrize("broken", [b"", b"{}", b'{"pages": 3}', b'{"pages": "x"}'])
def test_words_of_which_any_are_missing_are_all_read_again(kept_here: Renditions, broken: bytes) -> None:
    after_reading(kept_here)
    assert kept_here.texts(DIGEST) == {1: TEXT, 2: DATA}
    (count,) = kept_here._folder.rglob("pages.json")
    count.write_bytes(broken)
    assert kept_here.texts(DIGEST) is None


def test_a_real_process_draws_what_is_asked(kept_here: Renditions) -> None:
    studio = Studio(kept_here, original, lambda: Sandbox(Limits()))
    after_reading(kept_here)
    try:
        assert faults(studio.copy(HEADING).read_bytes()) == set()
        small = studio.thumbnail(DIGEST)
    finally:
        studio.close()
    assert small is not None
    assert Image.open(io.BytesIO(small)).size == (200, 150)
