"""What object stores say when they refuse, in Chinese and English."""

from datetime import date

from archive.errors import ConflictError, IntegrityError, NotFoundError, RetentionError
from archive.model.digest import Digest


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
        f"写入 {key} 后读回的内容与原内容不一致，未予保存；请检查存储设备。",
        f"What was read back after writing {key} is not what was written; it was not kept. Check the storage.",
    )


def locked(key: str, until: date) -> RetentionError:
    return RetentionError(
        f"对象 {key} 保管至 {until}，此前不得删除。",
        f"The object {key} is kept until {until} and must not be deleted before.",
    )


def on_hold(key: str) -> RetentionError:
    return RetentionError(
        f"对象 {key} 处于法律保全中，解除保全前不得删除。",
        f"The object {key} is on legal hold and must not be deleted before its release.",
    )


def not_locked(key: str, until: date) -> RetentionError:
    return RetentionError(
        f"存储未按要求将对象 {key} 锁定至 {until}；请检查存储桶的对象锁定（Object Lock）后重试。",
        f"The store did not lock the object {key} until {until}; check the Object Lock of the bucket and try again.",
    )


def not_held(key: str) -> RetentionError:
    return RetentionError(
        f"存储未能对对象 {key} 设置法律保全；请检查存储桶的对象锁定（Object Lock）后重试。",
        f"The store did not put a legal hold on the object {key}; check the Object Lock of the bucket and try again.",
    )


def deletion_not_allowed(key: str) -> RetentionError:
    return RetentionError(
        f"存储拒绝删除对象 {key}：对象仍被锁定，或所用密钥无权删除版本。",
        f"The store refuses to delete the object {key}: it is still locked, or this key may not delete versions.",
    )


def not_the_bytes_of(key: str, digest: Digest) -> IntegrityError:
    return IntegrityError(
        f"用于修复 {key} 的内容与 {digest} 不符，未作修复；请寻找另一份副本。",
        f"The bytes to repair {key} with are not those of {digest}; nothing was repaired. Find another copy.",
    )
