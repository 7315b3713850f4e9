"""The command line as its users meet it: a process of its own, on a real data folder."""

import json
import os
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from fixtures.generator import broken
from ingest.jobs.lock import sole_worker

ROOT = Path(__file__).parents[2]
PIAOKU = Path(sys.executable).parent / "piaoku"
INVOICE = ROOT / "fixtures/digital_normal/eight-lines/source.pdf"
TRUTH = json.loads(INVOICE.with_name("truth.json").read_text("utf-8"))
Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def run(tmp_path: Path) -> Run:
    environment = {**os.environ, "PIAOKU_DATA": str(tmp_path / "data"), "PIAOKU_WORKERS": "1"}

    def run(*arguments: object) -> subprocess.CompletedProcess[str]:
        command = [PIAOKU, *map(str, arguments)]
        answer = subprocess.run(command, capture_output=True, text=True, env=environment, cwd=tmp_path, timeout=240)
        assert "Traceback" not in answer.stderr
        return answer

    return run


def lines(answer: subprocess.CompletedProcess[str]) -> list[dict[str, Any]]:
    return [json.loads(line) for line in answer.stdout.splitlines()]


@pytest.fixture
def hostile(tmp_path: Path) -> Path:
    """A folder of broken files and odd names, and one good invoice among them."""
    folder = tmp_path / "hostile"
    folder.mkdir()
    for name in broken.BROKEN:
        (folder / f"{name}.pdf").write_bytes(broken.broken(name))
    for number, name in enumerate(broken.odd_names()):
        if "/" not in name:
            (folder / name).write_bytes(b"%PDF-1.4 odd name " + str(number).encode())
    (folder / os.fsdecode(b"\xff no UTF-8.pdf")).write_bytes(b"%PDF-1.4 odd bytes")
    (folder / "好.pdf").write_bytes(INVOICE.read_bytes())
    return folder


def test_reading_answers_one_json_object_a_file_and_stores_nothing(run: Run, tmp_path: Path) -> None:
    answer = run("read", "--json", INVOICE, tmp_path / "missing.pdf")
    assert answer.returncode == 0
    read, missing = lines(answer)
    (invoice,) = read["invoices"]
    assert (read["error"], read["pages"], read["media_type"]) == (None, 1, "application/pdf")
    assert (invoice["kind"], invoice["decision"], invoice["reasons"]) == ("digital_normal", "accept", [])
    number = invoice["fields"]["invoice_number"]
    assert number["value"] == TRUTH["invoice_number"]
    assert number["page"] == 1
    assert all(0 <= edge <= 1 for edge in number["box"])
    assert (missing["error"]["code"], missing["invoices"]) == ("FILE-NOT-READABLE", [])
    assert not (tmp_path / "data").exists()


def test_an_imported_invoice_is_filed_found_shown_and_checked(run: Run) -> None:
    answer = run("import", "--json", INVOICE)
    assert answer.returncode == 0
    (told,) = lines(answer)
    assert told["state"] == "filed"
    (record,) = told["records"]
    (hit,) = lines(run("search", "--json", TRUTH["seller_name"]))
    assert (hit["record"], hit["invoice_number"]) == (record, TRUTH["invoice_number"])
    assert run("search", "--json", "nothing like it").stdout == ""
    (shown,) = lines(run("show", "--json", record))
    assert shown["verification_reason"] == "no-channel"
    assert run("check").returncode == 0


def test_importing_the_same_file_again_makes_no_second_record(run: Run) -> None:
    run("import", INVOICE)
    (told,) = lines(run("import", "--json", INVOICE))
    assert told["state"] == "filed"
    assert len(lines(run("search", "--json"))) == 1


def test_bad_files_get_a_line_each_and_the_rest_goes_on(run: Run, hostile: Path, tmp_path: Path) -> None:
    outside = {path for path in tmp_path.rglob("*") if "data" not in path.parts}
    answer = run("import", "--json", hostile)
    told = {Path(line["file"]).name: line for line in lines(answer)}
    assert len(told) == len([path for path in hostile.iterdir() if not path.name.startswith(".")])
    assert told["encrypted_pdf.pdf"]["reasons"] == ["ENCRYPTED"]
    assert told["empty.pdf"]["reasons"] == ["FILE-EMPTY"]
    assert told["huge_png.pdf"]["reasons"] == ["IMAGE-TOO-LARGE"]
    assert told.pop("好.pdf")["state"] == "filed"
    assert {line["state"] for line in told.values()} <= {"refused", "unreadable", "review"}
    assert all(line["reasons"] for line in told.values())
    assert answer.returncode == 1, "some files were refused"
    assert {path for path in tmp_path.rglob("*") if "data" not in path.parts} == outside
    assert run("check").returncode == 0


def test_people_are_told_in_one_clear_line_what_is_wrong_with_a_file(run: Run, tmp_path: Path) -> None:
    (tmp_path / "空.pdf").write_bytes(b"")
    (tmp_path / "假.pdf").write_bytes(b"only text")
    answer = run("import", tmp_path / "空.pdf", tmp_path / "假.pdf", tmp_path / "没有.pdf")
    assert answer.returncode == 1
    told = answer.stderr.splitlines()
    assert [line.split(": ")[1].split()[0] for line in told] == ["FILE-EMPTY", "TYPE-UNKNOWN", "FILE-NOT-READABLE"]
    assert all("；" in line and line.endswith(".") for line in told), told


def test_a_second_service_on_the_same_data_folder_is_refused(run: Run, tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    with sole_worker(tmp_path / "data") as ours:
        assert ours
        answer = run("serve", "--port", 0)
    assert answer.returncode == 1
    assert answer.stderr.startswith("DATA-FOLDER-BUSY")


def test_a_port_that_is_taken_is_said_so(run: Run) -> None:
    with socket.create_server(("127.0.0.1", 0)) as door:
        answer = run("serve", "--port", door.getsockname()[1])
    assert answer.returncode == 1
    assert answer.stderr.startswith("ADDRESS-IN-USE")


def test_a_new_link_for_an_administrator_is_an_address(run: Run) -> None:
    assert run("link").stdout.startswith("http://127.0.0.1:8000/enter/")


def test_a_check_where_there_is_no_archive_says_so(run: Run) -> None:
    answer = run("check")
    assert answer.returncode != 0
    assert "--data" in answer.stderr
