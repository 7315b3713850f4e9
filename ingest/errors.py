"""What can go wrong between arrival and filing.

IngestError
├── NotAcceptedError     refused at the door: the sender keeps the file (empty, too large, no supported type)
├── UnreadableError      accepted, but no reader can read it (encrypted, broken, beyond a limit); it stays, for a person
├── ReaderFailedError    the reader itself died or hung; another attempt can help
├── UnknownDocumentError no document of that id
├── BeingMadeError       a picture or copy is being made; ask again
└── DataFolderBusyError  another service works on the same data folder

Every error carries a stable ``code`` and complete sentences in Chinese and English: what, and what to do next.
"""

from typing import ClassVar


class IngestError(Exception):
    """Root of all errors of intake."""

    retry_can_help: ClassVar[bool] = False

    def __init__(self, code: str, zh: str, en: str) -> None:
        super().__init__(f"{code}: {en}")
        self.code = code
        self.zh = zh
        self.en = en


class NotAcceptedError(IngestError):
    """Refused at the door."""


class UnreadableError(IngestError):
    """Accepted, but no reader can read it."""


class ReaderFailedError(IngestError):
    """The reader itself died or hung."""

    retry_can_help = True


class UnknownDocumentError(IngestError):
    """No document of that id."""

    def __init__(self, document: str) -> None:
        super().__init__(
            "UNKNOWN-DOCUMENT",
            f"没有编号为 {document[:40]} 的文件；请在列表中查找。",
            f"There is no document {document[:40]}; look for it in the list.",
        )


class BeingMadeError(IngestError):
    """A picture or copy is being made; ask again."""

    retry_can_help = True

    def __init__(self) -> None:
        super().__init__(
            "BEING-MADE",
            "正在生成，请稍候；本页会自动刷新，完成后立即提供。",
            "It is being made. This page asks again by itself and hands it out as soon as it is done.",
        )


class DataFolderBusyError(IngestError):
    """Another service works on the same data folder."""

    def __init__(self, folder: str) -> None:
        super().__init__(
            "DATA-FOLDER-BUSY",
            f"数据目录 {folder} 正被另一个票库服务使用；请停止它，或用 --data 指定另一个目录。",
            f"The data folder {folder} is used by another Piaoku service; stop it or name another folder with --data.",
        )
