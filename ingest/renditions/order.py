"""What the reading process is asked to draw, as JSON: it is sent words and a heading, never paths."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from archive.model.digest import Digest
from ingest.renditions.metadata import Heading
from ingest.renditions.page_text import PageText, from_json, to_json


class Wanted(StrEnum):
    """What can be drawn. A thumbnail is drawn from a page's kept picture, all else from the document."""

    PICTURES = "pictures"
    COPY = "copy"
    THUMBNAIL = "thumbnail"


@dataclass(frozen=True, slots=True)
class Order:
    """``texts`` is what was read on each page, by its number."""

    wanted: Wanted
    texts: Mapping[int, PageText]
    heading: Heading | None = None

    @classmethod
    def of(cls, wanted: Wanted, texts: Iterable[PageText] = (), heading: Heading | None = None) -> "Order":
        return cls(wanted, {text.number: text for text in texts}, heading)

    def to_json(self) -> bytes:
        heading = self.heading and {
            "title": self.heading.title,
            "digest": str(self.heading.digest),
            "received_at": self.heading.received_at.isoformat(),
        }
        texts = [to_json(text).decode() for text in self.texts.values()]
        return json.dumps({"wanted": self.wanted, "texts": texts, "heading": heading}).encode()

    @classmethod
    def from_json(cls, written: bytes) -> "Order":
        told = json.loads(written)
        given = told["heading"]
        heading = given and Heading(
            given["title"], Digest(given["digest"]), datetime.fromisoformat(given["received_at"])
        )
        return cls.of(Wanted(told["wanted"]), (from_json(text.encode()) for text in told["texts"]), heading)
