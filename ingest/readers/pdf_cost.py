"""What drawing a PDF's pages costs, before pdfium draws them: forms within forms can ask for years of it."""

import math
import re
import zlib
from collections import Counter

import pikepdf

from ingest.readers.limits import MAX_DRAWN_BYTES, MAX_PAGES
from ingest.readers.unreadable import pdf_too_complex

_DRAWN_FORM = re.compile(rb"/([^\s/<>\[\](){}%]+)\s+Do\b")
_PACKED = (pikepdf.Name.FlateDecode, pikepdf.Array([pikepdf.Name.FlateDecode]))

_Costs = dict[tuple[int, int], float]


def check_cost(pdf: pikepdf.Pdf) -> None:
    """Raise ``PDF-TOO-COMPLEX`` where a page, its forms drawn as often as they are called, has too much content."""
    costs: _Costs = {}
    for page in pdf.pages[:MAX_PAGES]:
        resources = page.obj.get("/Resources", pikepdf.Dictionary())
        if _cost(_contents(page.obj), resources, costs) > MAX_DRAWN_BYTES:
            raise pdf_too_complex()


def _contents(page: pikepdf.Object) -> list[pikepdf.Stream]:
    content = page.get("/Contents", pikepdf.Array())
    streams = [content] if isinstance(content, pikepdf.Stream) else list(content)
    return [stream for stream in streams if isinstance(stream, pikepdf.Stream)]


def _cost(streams: list[pikepdf.Stream], resources: pikepdf.Object, costs: _Costs) -> float:
    """The bytes of content that are drawn; infinite where a form draws itself."""
    content = _unpacked(streams)
    if content is None:
        return math.inf
    forms = resources.get("/XObject", pikepdf.Dictionary())
    cost = float(len(content))
    for name, count in Counter(_DRAWN_FORM.findall(content)).items():
        form = forms.get(f"/{name.decode('latin-1')}")
        if isinstance(form, pikepdf.Stream) and form.get("/Subtype") == pikepdf.Name.Form and cost < MAX_DRAWN_BYTES:
            cost += count * _form_cost(form, resources, costs)
    return cost


def _form_cost(form: pikepdf.Stream, outer: pikepdf.Object, costs: _Costs) -> float:
    if form.objgen not in costs:
        costs[form.objgen] = math.inf  # until its own forms are known, so that a loop costs too much
        costs[form.objgen] = _cost([form], form.get("/Resources", outer), costs)
    return costs[form.objgen]


def _unpacked(streams: list[pikepdf.Stream]) -> bytes | None:
    """The content of streams as far as they unpack; None for more than a page may have."""
    content = b""
    for stream in streams:
        raw = stream.read_raw_bytes()
        if stream.get("/Filter") in _PACKED:
            unpacking = zlib.decompressobj()
            try:
                raw = unpacking.decompress(raw, MAX_DRAWN_BYTES)
            except zlib.error:
                raw = b""
            if unpacking.unconsumed_tail:
                return None
        content += b"\n" + raw
        if len(content) > MAX_DRAWN_BYTES:
            return None
    return content
