"""The commands: one record a line, one line for an error, exit codes by class."""

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from archive import cli
from archive.errors import ArchiveError, RetentionError, StoreUnavailableError
from archive.model.digest import Digest

KEYS = {"record", "kind", "invoice_number", "invoice_code", "issue_date", "seller_name", "buyer_name"} | {
    "total_amount",
    "verification",
    "retain_until",
    "file_name",
}


def run(data: Path, *arguments: str, app: Any = cli.app) -> Any:
    return CliRunner().invoke(app, [*arguments, "--data", str(data)])


def lines(output: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in output.splitlines()]


def test_search_prints_one_json_object_a_record(deposit: Any, data_folder: Path) -> None:
    record = deposit(1)
    deposit(2, invoice_code="", issue_date=None, total_amount=None)
    done = run(data_folder, "search", "--json")
    assert done.exit_code == 0
    first, second = lines(done.stdout)
    assert set(first) == set(second) == KEYS
    assert first == {
        "record": record.id,
        "kind": "digital_normal",
        "invoice_number": "26990000000000000001",
        "invoice_code": None,
        "issue_date": "2026-03-01",
        "seller_name": "虚构市甲乙餐饮有限公司",
        "buyer_name": "虚构市丙丁贸易有限公司",
        "total_amount": "106.00",
        "verification": "PENDING",
        "retain_until": "2031-03-01",
        "file_name": "餐费.pdf",
    }
    assert second["total_amount"] is None


def test_search_takes_the_words_of_the_command_line_as_one_query(deposit: Any, data_folder: Path) -> None:
    deposit(1)
    assert len(lines(run(data_folder, "search", "甲乙", "金额:>100", "--json").stdout)) == 1
    assert run(data_folder, "search", "甲乙", "金额:>200", "--json").stdout == ""


def test_the_table_for_people_cuts_no_identifier_and_obeys_no_file_name(deposit: Any, data_folder: Path) -> None:
    record = deposit(1, file_name="[red]a\x1b[31mb[/].pdf")
    output = run(data_folder, "search").stdout
    assert record.id in output
    assert "26990000000000000001" in output
    assert "106.00" in output
    assert "[red]a" in output
    assert "\x1b" not in output
    assert "1 record(s)" in output


def test_show_tells_the_record_and_its_history(deposit: Any, data_folder: Path) -> None:
    record = deposit.join(deposit(1), b"as OFD")
    (told,) = lines(run(data_folder, "show", record.id, "--json").stdout)
    assert set(told) >= KEYS
    assert [original["file_name"] for original in told["originals"]] == ["餐费.pdf", "餐费.ofd"]
    assert [act["act"] for act in told["history"]] == ["record-deposited", "rendition-joined"]
    for_people = run(data_folder, "show", record.id).stdout
    for text in ("106.00", "餐费.ofd", "record-deposited", "尚未配置", record.originals[1].digest.text):
        assert text in for_people


def test_check_is_zero_when_clean_and_one_with_faults(deposit: Any, data_folder: Path) -> None:
    digest = deposit(1).originals[0].digest
    clean = run(data_folder, "check")
    assert clean.exit_code == 0
    assert "The inbox was not checked." in clean.stdout
    (data_folder / "vault/originals" / digest.hex[:2] / digest.hex).unlink()
    faulty = run(data_folder, "check")
    assert faulty.exit_code == 1
    assert digest.text in faulty.stdout
    fault, counts = lines(run(data_folder, "check", "--json").stdout)
    assert (fault["fault"], fault["digest"]) == ("missing", digest.text)
    assert (counts["clean"], counts["faults"]) == (False, 1)


def test_check_looks_at_the_inbox_where_intake_says_what_it_must_hold(deposit: Any, data_folder: Path) -> None:
    deposit(1)
    app = cli.commands(lambda archive: lambda: [("lost", Digest.of(b"lost"), 4)])
    done = run(data_folder, "check", "--json", app=app)
    assert done.exit_code == 1
    assert [line["key"] for line in lines(done.stdout) if "fault" in line] == ["lost"]


@pytest.mark.parametrize(
    ("arguments", "code"),
    [(("show", "0000000000000000"), 3), (("search", "sellr:甲"), 2), (("search", "date:x", "--json"), 2)],
)
def test_an_error_is_one_line_in_both_languages_with_its_exit_code(
    deposit: Any, data_folder: Path, arguments: tuple[str, ...], code: int
) -> None:
    deposit(1)
    done = run(data_folder, *arguments)
    assert done.exit_code == code
    assert done.stdout == ""
    assert len(done.stderr.splitlines()) == 1
    assert "。" in done.stderr
    assert done.stderr.rstrip().endswith(".")


@pytest.mark.parametrize("command", [("search",), ("show", "x"), ("check",)])
def test_a_mistyped_data_folder_is_an_error_and_not_an_empty_archive(tmp_path: Path, command: tuple[str, ...]) -> None:
    done = run(tmp_path / "typo", *command)
    assert done.exit_code == 3
    assert "--data" in done.stderr
    assert not (tmp_path / "typo").exists()


def test_every_error_class_has_an_exit_code_and_none_is_that_of_faults_found() -> None:
    class LaterError(RetentionError):
        """A class the table does not know yet."""

    assert cli.exit_code(LaterError("。", ".")) == cli.EXIT_CODES[RetentionError]
    assert cli.exit_code(StoreUnavailableError("。", ".")) == 75
    classes = {ArchiveError, *ArchiveError.__subclasses__()}
    assert all(cli.exit_code(cls.__new__(cls)) not in (0, cli.FAULTS_FOUND) for cls in classes)
