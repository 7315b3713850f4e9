"""The commands of the audit log: key, anchor, verify, prove."""

import json
from pathlib import Path
from typing import Annotated

import typer

from archive.audit import key as keys
from archive.audit.anchored import checkpoint_key
from archive.audit.timestamp import certificates
from archive.audit.verify import Report, verify
from archive.console import FAULTS_FOUND, Data, Json, opened, print_json, told
from archive.errors import NotFoundError, QueryError
from archive.objects.filesystem import FilesystemStore

app = typer.Typer(no_args_is_help=True, help="审计日志 / the audit log")

Keys = Annotated[list[str] | None, typer.Option("--key", help="验证密钥 verifier key, as printed by: piaoku audit key")]
Seen = Annotated[list[Path] | None, typer.Option("--seen", help="曾保存的检查点 a signed head that was kept before")]
Vault = Annotated[Path | None, typer.Option("--vault", help="只查存储 a vault folder alone, without a catalog")]
Roots = Annotated[Path | None, typer.Option("--tsa-roots", help="时间戳根证书 PEM roots of the time-stamp authority")]


@app.command()
def key(data: Data = None) -> None:
    """显示验证密钥；请另行保管。 Print the verifier key; keep it somewhere else."""
    with told():
        typer.echo(str(opened(data).notary.signer.verifier))


@app.command()
def anchor(data: Data = None) -> None:
    """立即将日志写入存储并签名。 Put the log into the vault under a signed head, now."""
    with told():
        archive = opened(data)
        head = archive.anchor()
    if head is None:
        typer.echo("审计日志为空。 The audit log is empty.")
        return
    typer.echo(f"已签名 {head.size} 条。 Signed: {head.size} entries ({checkpoint_key(head.size)}).")


@app.command("verify")
def verify_log(
    data: Data = None,
    vault: Vault = None,
    key: Keys = None,
    seen: Seen = None,
    tsa_roots: Roots = None,
    as_json: Json = False,
) -> None:
    """验证日志未被篡改。 Verify that nobody changed, removed, inserted or moved an entry."""
    with told():
        verifiers = tuple(keys.parse_verifier(text) for text in key or ())
        heads = [_text(path) for path in seen or ()]
        authorities = certificates(tsa_roots) if tsa_roots else ()
        try:
            if vault:
                report = verify(_alone(vault, bool(verifiers)), verifiers, seen=heads, authorities=authorities)
            else:
                report = opened(data).verify_audit(verifiers, heads, authorities)
        except ValueError as error:
            raise QueryError(
                f"所给检查点不是由该密钥签名的（{error}）。", f"The head given was not signed with the key ({error})."
            ) from error
    _print(report, as_json, own_key=not verifiers)
    if not report.clean:
        raise typer.Exit(FAULTS_FOUND)


@app.command()
def prove(record: str, data: Data = None) -> None:
    """输出记录的存证证明（JSON）。 Print a proof of a record's entries; verify_proof.py checks it anywhere."""
    with told():
        proof = opened(data).prove(record)
    typer.echo(json.dumps(proof, ensure_ascii=False, indent=1))


def _alone(vault: Path, has_key: bool) -> FilesystemStore:
    if not has_key:
        raise QueryError("单独验证存储需要 --key。", "To verify a vault alone, name the key with --key.")
    if not (vault / "audit").is_dir():
        raise NotFoundError(f"{vault} 中没有审计日志。", f"There is no audit log in {vault}.")
    return FilesystemStore(vault.absolute())


def _text(path: Path) -> str:
    try:
        return path.read_text("utf-8")
    except (OSError, ValueError) as error:
        raise NotFoundError(f"无法读取 {path}。", f"{path} cannot be read.") from error


def _print(report: Report, as_json: bool, own_key: bool) -> None:
    for fault in report.faults:
        if as_json:
            told = {"fault": str(fault.kind), "first": fault.first, "last": fault.last, "zh": fault.zh, "en": fault.en}
            print_json(told)
        else:
            typer.echo(f"{fault.kind}: {fault.zh} {fault.en}")
    if as_json:
        print_json(
            {
                "clean": report.clean,
                "faults": len(report.faults),
                "proven": report.proven,
                "entries": report.entries,
                "heads": report.heads,
                "in_database": report.in_database,
                "stamped_at": report.stamped_at.isoformat() if report.stamped_at else None,
                "stamps_unchecked": report.stamps_unchecked,
                "own_key": own_key,
            }
        )
        return
    for line in _sentences(report, own_key):
        typer.echo(line)


def _sentences(report: Report, own_key: bool) -> list[str]:
    said = [
        f"已证明 {report.proven} 条（{report.heads} 个签名检查点）：{len(report.faults)} 处异常。 "
        f"Proven: {report.proven} entries under {report.heads} signed head(s); {len(report.faults)} fault(s)."
    ]
    if report.in_database is None:
        said.append("未与数据库核对。 No database was compared.")
    elif report.in_database > report.entries:
        waiting = report.in_database - report.entries
        said.append(f"{waiting} 条尚未签名入存储。 {waiting} entries are not anchored yet.")
    if report.stamped_at:
        said.append(f"时间戳 time stamp: {report.stamped_at.isoformat()}")
    if report.stamps_unchecked:
        count = report.stamps_unchecked
        said.append(f"{count} 个时间戳未检查（--tsa-roots）。 {count} time stamp(s) not checked (--tsa-roots).")
    if own_key:
        said.append(
            "密钥取自本机；要防范本机所有者，请用 --key 给出另行保管的密钥。 "
            "The key was this machine's own; against its owner, give one kept elsewhere with --key."
        )
    return said
