"""What can be wrong with the audit log, in words for people."""

from dataclasses import dataclass
from enum import StrEnum


class FaultKind(StrEnum):
    """The first ones are seen in the vault alone, those with ``DATABASE`` in the name in the catalog's database."""

    ENTRIES_MISSING = "entries-missing"
    ENTRIES_FORKED = "entries-forked"
    ENTRY_OUT_OF_PLACE = "entry-out-of-place"
    HEAD_MISSING = "head-missing"
    HEAD_NOT_SIGNED = "head-not-signed"
    HEAD_DIFFERS = "head-differs"
    HEAD_WITHOUT_ENTRIES = "head-without-entries"
    SEEN_HEAD_DIFFERS = "seen-head-differs"
    TIMESTAMP_WRONG = "timestamp-wrong"
    FOREIGN_OBJECT = "foreign-object"
    NOTHING_ANCHORED = "nothing-anchored"
    DATABASE_ENTRY_ALTERED = "database-entry-altered"
    DATABASE_ENTRIES_MISSING = "database-entries-missing"
    DATABASE_TREE_DIFFERS = "database-tree-differs"
    DATABASE_DIFFERS = "database-differs"
    DATABASE_TOO_SHORT = "database-too-short"


@dataclass(frozen=True, slots=True)
class Fault:
    """``first`` and ``last`` are the numbers of the entries that it is about. ``detail`` says more, in one language."""

    kind: FaultKind
    first: int
    last: int
    detail: str = ""

    @property
    def zh(self) -> str:
        return self._said(0)

    @property
    def en(self) -> str:
        return self._said(1)

    def _said(self, language: int) -> str:
        span = f"{self.first}" if self.first == self.last else f"{self.first}–{self.last}"
        return _SENTENCES[self.kind][language].format(span=span, last=self.last, detail=self.detail)


_SENTENCES = {
    FaultKind.ENTRIES_MISSING: ("存储中缺少第 {span} 条。", "The vault lacks entries {span}."),
    FaultKind.ENTRIES_FORKED: (
        "存储中第 {span} 条出现在两个对象中：日志已分叉。",
        "Two objects of the vault hold entries {span}: the log has been forked.",
    ),
    FaultKind.ENTRY_OUT_OF_PLACE: (
        "第 {span} 条的位置上不是该条：有条目被删除、插入或调换。",
        "In the place of entry {span} lies something else: entries were removed, inserted or moved.",
    ),
    FaultKind.HEAD_MISSING: (
        "第 {span} 条没有签名检查点；若服务刚被中断，请运行 piaoku audit anchor。",
        "Entries {span} have no signed head; if the service was cut off just now, run piaoku audit anchor.",
    ),
    FaultKind.HEAD_NOT_SIGNED: (
        "第 {last} 条处的检查点不是由该密钥签名的（{detail}）。",
        "The head at entry {last} is not one that the key signed ({detail}).",
    ),
    FaultKind.HEAD_DIFFERS: (
        "第 {span} 条与其签名检查点不符：内容被改动、删除、插入或调换。",
        "Entries {span} are not what their head was signed for: changed, removed, inserted or moved.",
    ),
    FaultKind.HEAD_WITHOUT_ENTRIES: (
        "第 {last} 条处的检查点没有对应条目：日志被截断或分叉。",
        "The head at entry {last} has no entries that lead to it: the log has been cut or forked.",
    ),
    FaultKind.SEEN_HEAD_DIFFERS: (
        "此前保存的第 {last} 条处的检查点不属于此日志：日志被截断或改写。",
        "The head that was seen before, at entry {last}, is none of this log: it has been cut or rewritten.",
    ),
    FaultKind.TIMESTAMP_WRONG: (
        "第 {last} 条处的时间戳无效（{detail}）。",
        "The time stamp at entry {last} is not valid ({detail}).",
    ),
    FaultKind.FOREIGN_OBJECT: (
        "存储的审计区中有不属于日志的对象（{detail}）。",
        "An object in the vault's audit area is no part of the log ({detail}).",
    ),
    FaultKind.NOTHING_ANCHORED: (
        "存储中有记录却没有审计日志：日志被移走，或尚未运行 piaoku audit anchor。",
        "The vault holds records but no audit log: it was taken away, or piaoku audit anchor has never run.",
    ),
    FaultKind.DATABASE_ENTRY_ALTERED: (
        "数据库中第 {span} 条已被改动。",
        "Entry {span} has been altered in the database.",
    ),
    FaultKind.DATABASE_ENTRIES_MISSING: (
        "数据库自第 {span} 条起有缺失。",
        "The database lacks entries from number {span} on.",
    ),
    FaultKind.DATABASE_TREE_DIFFERS: (
        "数据库中第 {span} 条的哈希树与条目不符。",
        "The database's hash tree does not fit entries {span}.",
    ),
    FaultKind.DATABASE_DIFFERS: (
        "数据库中第 {span} 条与存储中已签名的不同。",
        "Entry {span} of the database is not the one that was signed and lies in the vault.",
    ),
    FaultKind.DATABASE_TOO_SHORT: (
        "数据库缺少存储中已签名的第 {span} 条：它被截断或换成了旧副本。",
        "The database lacks entries {span}, which were signed and lie in the vault: it was cut, or an old copy put in.",
    ),
}
