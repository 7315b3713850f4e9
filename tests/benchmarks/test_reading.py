"""How long reading takes, in this process, with the models loaded: seconds a document by carrier, and a page by OCR
beside the defaults of rapidocr on the same page.

Last figures, with date and conditions: see ``ingest/READING.md``. Run: ``make bench ARGS="-k reading"``.
"""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from rapidocr import RapidOCR

from ingest.pipeline import examine
from ingest.readers.ocr.rapid import RapidEngine
from ingest.readers.reader import Reader
from ingest.readers.registry import readers

FIXTURES = Path(__file__).parents[2] / "fixtures"
TODAY = date(2026, 11, 20)


@pytest.fixture(scope="module")
def loaded() -> tuple[Reader, ...]:
    """Readers whose OCR models are in memory."""
    made = readers(ocr_threads=1)
    examine((FIXTURES / "digital_normal/scan-squeezed/source.jpg").read_bytes(), made, _drop, TODAY)
    return made


def _drop(_number: int, _picture: bytes) -> None: ...


@pytest.mark.parametrize(
    "case",
    [
        "digital_normal/eight-lines/source.pdf",
        "vat_normal_electronic/eight-lines-for-a-person/source.pdf",
        "digital_normal/scan-squeezed/source.jpg",
        "vat_normal_electronic/scan-askew/source.jpg",
    ],
)
def test_reading_a_document(benchmark: Any, loaded: tuple[Reader, ...], case: str) -> None:
    content = (FIXTURES / case).read_bytes()
    examination = benchmark.pedantic(examine, (content, loaded, _drop, TODAY), rounds=5, warmup_rounds=1)
    assert len(examination.drafts) == 1


@pytest.mark.benchmark(group="reading: OCR of a page")
@pytest.mark.parametrize("case", ["digital_normal/scan-squeezed", "vat_normal_electronic/scan-askew"])
def test_reading_a_page_with_our_engine(benchmark: Any, case: str) -> None:
    engine, picture = RapidEngine(threads=1), Image.open(FIXTURES / case / "source.jpg").convert("RGB")
    lines = benchmark.pedantic(engine.lines, (picture,), rounds=5, warmup_rounds=1)
    assert len(lines) > 30


@pytest.mark.benchmark(group="reading: OCR of a page")
@pytest.mark.parametrize("case", ["digital_normal/scan-squeezed", "vat_normal_electronic/scan-askew"])
def test_reading_a_page_with_the_defaults_of_rapidocr(benchmark: Any, case: str) -> None:
    engine = RapidOCR(params={"EngineConfig.onnxruntime.intra_op_num_threads": 1, "Global.log_level": "error"})
    found = benchmark.pedantic(engine, (str(FIXTURES / case / "source.jpg"),), rounds=5, warmup_rounds=1)
    assert len(found.txts) > 30
