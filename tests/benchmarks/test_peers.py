"""Other programs on the same pages in the same run: OCRmyPDF and rapidocr's defaults on scans, invoice2data on PDFs.

Last figures: see ``ingest/READING.md``. Run: ``make bench ARGS="-s -k peers"``, which installs the peers apart. What
they bring is not the same: OCRmyPDF a text, rapidocr lines with places, invoice2data the fields of one template, this
program checked fields. So scans are scored by what all have, the values of key fields somewhere in the page's text.
"""

import io
import json
import os
import resource
import shutil
import subprocess
import time
import unicodedata
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from rapidocr import RapidOCR

from fixtures.generator.pdf import draw
from fixtures.generator.scan import DEGRADATIONS, degrade
from fixtures.generator.truth import Truth, invent
from ingest.pipeline import examine
from ingest.readers.ocr.rapid import RapidEngine
from ingest.readers.registry import readers
from tests.benchmarks.campaign import KEY_FIELDS

TODAY = date(2026, 11, 20)
PEERS = Path(__file__).parents[2] / ".venv/peers/bin"
FIRST_SEED = 620_000
KINDS = ("digital_special", "vat_normal_electronic")
INVOICES = 10
TEMPLATE = """
issuer: 数电票
keywords: ['电子发票']
fields:
  invoice_number: '发票号码[:：]\\s*(\\d{20})'
  date: '开票日期[:：]\\s*(\\d{4}年\\d{2}月\\d{2}日)'
  amount: '小写\\s*[)）]\\s*[¥￥]\\s*([\\d.]+)'
options:
  date_formats: ['%Y年%m月%d日']
  languages: ['zh']
  currency: CNY
"""


def peer(name: str) -> str:
    program = PEERS / name
    if not program.exists():
        pytest.skip(f"{name} 未安装，请用 make bench 运行 / {name} is not installed; run by make bench")
    return str(program)


def cost(act: Callable[[], str]) -> tuple[str, float]:
    """What ``act`` brings, and its processor seconds, those of the programs it starts included."""
    before = _used()
    text = act()
    return text, _used() - before


def _used() -> float:
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + children.ru_utime + children.ru_stime


def held(truth: Truth, text: str) -> tuple[int, int]:
    """How many values of key fields stand somewhere in a page's text, and how many there are."""
    wanted = [_shown(field, value) for field, value in truth.fields.items() if field in KEY_FIELDS and value]
    plain = _plain(text)
    return sum(value in plain for value in wanted), len(wanted)


def _shown(field: str, value: str) -> str:
    if field == "issue_date":
        return "{}年{}月{}日".format(*value.split("-"))
    return _plain(value)


def _plain(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).split())


def test_peers_on_scans(benchmark: Any, tmp_path: Path) -> None:
    program = peer("ocrmypdf")
    if shutil.which("tesseract") is None:
        pytest.skip("没有 tesseract，OCRmyPDF 无法运行 / OCRmyPDF needs tesseract")
    engine = RapidEngine(threads=1)
    default = RapidOCR(params={"EngineConfig.onnxruntime.intra_op_num_threads": 1, "Global.log_level": "error"})

    def by_ocrmypdf(scan: bytes) -> str:
        source, sidecar = tmp_path / "page", tmp_path / "page.txt"
        source.write_bytes(scan)
        command = [program, "-q", "-l", "chi_sim+eng", "--image-dpi", "200", "--jobs", "1", "--output-type", "pdf"]
        command += ["--rasterizer", "pypdfium", "--sidecar", str(sidecar), str(source), str(tmp_path / "page.pdf")]
        subprocess.run(command, check=True, env={**os.environ, "OMP_THREAD_LIMIT": "1"})
        return sidecar.read_text("utf-8")

    def by_defaults(scan: bytes) -> str:
        return "\n".join(default(np.asarray(_picture(scan))[:, :, ::-1]).txts or ())

    def by_us(scan: bytes) -> str:
        return "\n".join(line.text for line in engine.lines(_picture(scan)))

    ways: dict[str, Callable[[bytes], str]] = {
        "this engine": by_us,
        "rapidocr's defaults": by_defaults,
        "OCRmyPDF": by_ocrmypdf,
    }

    def run() -> dict[str, list[tuple[int, int, float]]]:
        by_us(_scan(0)[1]), by_defaults(_scan(0)[1])  # the models
        found: dict[str, list[tuple[int, int, float]]] = {name: [] for name in ways}
        for place in range(INVOICES):
            truth, scan = _scan(place)
            for name, way in ways.items():
                text, seconds = cost(lambda way=way, scan=scan: way(scan))  # type: ignore[misc]
                found[name].append((*held(truth, text), seconds))
        return found

    table = benchmark.pedantic(run, rounds=1)
    print("\n                       values in the text     processor seconds a page")
    shares = {}
    for name, rows in table.items():
        right, wanted, seconds = (sum(column) for column in zip(*rows, strict=True))
        shares[name] = right / wanted
        print(f"{name:20} {right:10} of {wanted} {shares[name]:8.1%} {seconds / len(rows):16.2f}")
    assert shares["this engine"] >= max(shares.values()) - 0.01


def _scan(place: int) -> tuple[Truth, bytes]:
    truth = invent(KINDS[place % len(KINDS)], FIRST_SEED + place)
    wear = tuple(DEGRADATIONS)[place % len(DEGRADATIONS)]
    return truth, degrade(draw(truth), wear, FIRST_SEED + place).content


def _picture(scan: bytes) -> Image.Image:
    return Image.open(io.BytesIO(scan)).convert("RGB")


def test_peers_on_text(benchmark: Any, tmp_path: Path) -> None:
    program = peer("invoice2data")
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates/digital.yml").write_text(TEMPLATE, "utf-8")
    loaded = readers(ocr_threads=1)
    truths = [invent("digital_special", FIRST_SEED + place) for place in range(INVOICES)]

    def by_invoice2data(source: Path) -> str:
        told = tmp_path / "told.json"
        command = [program, "--input-reader", "pdfminer", "--exclude-built-in-templates", "--template-folder"]
        command += [str(tmp_path / "templates"), "--output-format", "json", "--output-name", str(told), str(source)]
        subprocess.run(command, check=True, capture_output=True)
        (found,) = json.loads(told.read_text("utf-8")) or [{}]
        return json.dumps([found.get("invoice_number"), found.get("date"), f"{found.get('amount', 0):.2f}"])

    def by_us(source: Path) -> str:
        (draft,) = examine(source.read_bytes(), loaded, None, TODAY).drafts
        return json.dumps([draft.value(field) for field in ("invoice_number", "issue_date", "total_amount")])

    def run() -> dict[str, list[tuple[int, float]]]:
        found: dict[str, list[tuple[int, float]]] = {"this program": [], "invoice2data": []}
        for place, truth in enumerate(truths):
            source = tmp_path / f"{place}.pdf"
            source.write_bytes(draw(truth))
            wanted = [truth.invoice_number, truth.issue_date, truth.total_amount]
            for name, way in (("this program", by_us), ("invoice2data", by_invoice2data)):
                text, seconds = cost(lambda way=way, source=source: way(source))  # type: ignore[misc]
                found[name].append((sum(a == b for a, b in zip(json.loads(text), wanted, strict=True)), seconds))
        return found

    table = benchmark.pedantic(run, rounds=1)
    print("\n                 number, date and total   processor ms a document (invoice2data: with its start)")
    for name, rows in table.items():
        right, seconds = (sum(column) for column in zip(*rows, strict=True))
        print(f"{name:16} {right:10} of {3 * len(rows)} {1000 * seconds / len(rows):16.0f}")
    assert all(right == 3 for right, _ in table["this program"])
