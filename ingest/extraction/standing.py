"""Marks by which a page that looks like an invoice says that it is none, or none any more."""

import re
from collections.abc import Iterator, Sequence

from archive.model.evidence import Finding, Severity
from ingest.extraction.layout import Piece

_MARKS = (
    (
        "VERIFICATION-PRINT",
        re.compile(r"查验(?:次数|时间):?.*"),  # the head of the result that inv-veri.chinatax.gov.cn prints
        "此件是发票查验结果的打印件，不是发票原件。请提交原件。",
        "This is a print of a verification result, not the invoice itself. Send the original.",
    ),
    (
        "PREVIEW-MARK",
        re.compile(r"仅供预览|预览(?:件|版)?|样票|票样"),
        "票面注有“预览”或“样票”字样，不是正式开具的发票。",
        "The page is marked as a preview or a sample; it is not the invoice as issued.",
    ),
    (
        "VOID-MARK",
        re.compile(r"已?作废"),
        "票面注有“作废”字样，请核对此发票是否有效。",
        "The page is marked as void; check whether the invoice is valid.",
    ),
)


def marks(pieces: Sequence[Piece]) -> Iterator[Finding]:
    """Errors for marks that stand alone, not as words of a sentence or a name."""
    runs = [piece.squeezed for piece in pieces]
    for code, pattern, zh, en in _MARKS:
        if any(pattern.fullmatch(run) for run in runs):
            yield Finding(code, Severity.ERROR, None, zh, en)
