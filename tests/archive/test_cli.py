"""The commands: one record a line, one line for an error, exit codes by class."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from archive import cli, console
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


def test_show_tells_particulars(deposit: Any, data_folder: Path) -> None:
    record = deposit(1, particulars={"plate_number": "京BI5006"})
    (told,) = lines(run(data_folder, "show", record.id, "--json").stdout)
    assert told["invoice"]["particulars"] == {"plate_number": "京BI5006"}
    assert re.search("车牌号 plate_number *京BI5006", run(data_folder, "show", record.id).stdout)


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

    assert console.exit_code(LaterError("。", ".")) == console.EXIT_CODES[RetentionError]
    assert console.exit_code(StoreUnavailableError("。", ".")) == 75
    classes = {ArchiveError, *ArchiveError.__subclasses__()}
    assert all(console.exit_code(cls.__new__(cls)) not in (0, console.FAULTS_FOUND) for cls in classes)


def key_of(data: Path) -> str:
    return str(run(data, "audit", "key").stdout.strip())


def test_the_audit_commands_anchor_verify_and_prove(deposit: Any, data_folder: Path, tmp_path: Path) -> None:
    record = deposit(1)
    (before,) = lines(run(data_folder, "audit", "verify", "--json").stdout)
    assert (before["clean"], before["proven"], before["in_database"], before["own_key"]) == (True, 0, 1, True)
    anchored = run(data_folder, "audit", "anchor")
    assert "1 entries (audit/checkpoints/000000000001)" in anchored.stdout
    proof = json.loads(run(data_folder, "audit", "prove", record.id).stdout)
    assert (proof["subject"], len(proof["entries"])) == (record.id, 1)
    alone = ["audit", "verify", "--vault", str(data_folder / "vault"), "--key", key_of(data_folder)]
    done = CliRunner().invoke(cli.app, [*alone, "--json"])
    assert done.exit_code == 0
    (after,) = lines(done.stdout)
    assert (after["proven"], after["in_database"], after["own_key"]) == (1, None, False)
    head = data_folder / "vault/audit/checkpoints/000000000001"
    assert CliRunner().invoke(cli.app, [*alone, "--seen", str(head)]).exit_code == 0
    (data_folder / "vault/audit/entries/000000000001-000000000001.jsonl").unlink()
    for arguments in (alone, ["audit", "verify", "--data", str(data_folder)]):
        found = CliRunner().invoke(cli.app, arguments)
        assert found.exit_code == 1
        assert "head-without-entries: " in found.stdout


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["--key", "nonsense"], 2),
        (["--vault", "vault"], 2),
        (["--vault", "nowhere", "--key", "KEY"], 3),
        (["--seen", "nowhere"], 3),
        (["--seen", "unsigned"], 2),
        (["--tsa-roots", "nowhere"], 3),
    ],
)
def test_what_verify_cannot_use_is_one_line(
    deposit: Any, data_folder: Path, tmp_path: Path, arguments: list[str], code: int
) -> None:
    deposit(1)
    key = key_of(data_folder)
    (tmp_path / "unsigned").write_text("piaoku\n1\n\n")
    given = [key if word == "KEY" else word if word.startswith("-") else str(tmp_path / word) for word in arguments]
    done = run(data_folder, "audit", "verify", *given)
    assert (done.exit_code, len(done.stderr.splitlines())) == (code, 1)
    assert not (tmp_path / "nowhere").exists()


def test_retain_keeps_a_record_longer_and_expiring_lists_what_ends_soon(deposit: Any, data_folder: Path) -> None:
    record, other = deposit(1), deposit(2)
    done = run(data_folder, "retain", record.id, "--class", "thirty-years", "--booking-year", "2026")
    assert done.exit_code == 0
    assert "2057-01-01" in done.stdout
    (told,) = lines(run(data_folder, "show", record.id, "--json").stdout)
    assert told["retention"] == {"class": "thirty-years", "until": "2057-01-01", "booking_year": 2026}
    assert run(data_folder, "retain", record.id, "--class", "ten-years").exit_code == 4
    (soon,) = lines(run(data_folder, "expiring", "--within", "3650", "--json").stdout)
    assert soon["record"] == other.id
    assert run(data_folder, "expiring", "--json").stdout == ""
    assert run(data_folder, "expiring", "--within", "99999999").exit_code == 2


def test_a_hold_covers_a_record_or_all_results_of_a_search_and_is_shown(deposit: Any, data_folder: Path) -> None:
    first, second = deposit(1), deposit(2)
    terms = ("--case", "稽查", "--reason", "税务机关要求")
    assert "1 of 1" in run(data_folder, "hold", first.id, *terms).stdout
    assert "1 of 2" in run(data_folder, "hold", "--query", "甲乙", *terms).stdout
    (told,) = lines(run(data_folder, "show", second.id, "--json").stdout)
    assert [(hold["case"], hold["released_at"]) for hold in told["holds"]] == [("稽查", None)]
    assert "稽查: 税务机关要求" in run(data_folder, "show", first.id).stdout
    assert run(data_folder, "release", first.id, "--case", "稽查", "--reason", "结束").exit_code == 0
    assert "稽查: 税务机关要求" not in run(data_folder, "show", first.id).stdout
    assert run(data_folder, "hold", "--query", "没有的公司", *terms).exit_code == 3


def test_a_mistyped_number_among_several_puts_nothing_on_hold(deposit: Any, data_folder: Path) -> None:
    record = deposit(1)
    done = run(data_folder, "hold", record.id, "0000000000000000", "--case", "稽查", "--reason", "税务机关要求")
    assert done.exit_code == 3
    (told,) = lines(run(data_folder, "show", record.id, "--json").stdout)
    assert told["holds"] == []
