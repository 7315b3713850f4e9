"""What object stores say when they refuse, in Chinese and English."""

from datetime import date

from archive.errors import ConflictError, IntegrityError, NotFoundError, RetentionError


def not_found(key: str) -> NotFoundError:
    return NotFoundError(
        f"存储中没有对象 {key}；请运行 piaoku check 查明原因。",
        f"The store holds no object {key}; run piaoku check to find out why.",
    )


def holds_other_bytes(key: str) -> ConflictError:
    return ConflictError(
        f"对象 {key} 已存有不同的内容，未作改动；请运行 piaoku check。",
        f"The object {key} already holds other bytes and was not changed; run piaoku check.",
    )


def came_back_altered(key: str) -> IntegrityError:
    return IntegrityError(
        f"写入 {key} 后读回的内容与原内容不一致，未予保存；请检查磁盘。",
        f"What was read back after writing {key} is not what was written; it was not kept. Check the disk.",
    )


def locked(key: str, until: date) -> RetentionError:
    return RetentionError(
        f"对象 {key} 保管至 {until}，此前不得删除。",
        f"The object {key} is kept until {until} and must not be deleted before.",
    )
