"""What can go wrong at the door.

AccessError
├── NotSignedInError       the page or act needs a login
├── ForbiddenError         the role does not hold the right
├── ForeignRequestError    the request was not sent by one of our own pages
├── LoginFailedError       name or password is wrong
├── TooManyAttemptsError   too many wrong passwords; wait
├── LinkError              the one-time link is unknown, used or too old
└── AccountError           the chosen name or password cannot be taken
"""

from typing import ClassVar

from archive.errors import ArchiveError


class AccessError(ArchiveError):
    """Root of all refusals at the door."""

    code: ClassVar[str] = "access"


class NotSignedInError(AccessError):
    """The page or act needs a login."""

    code = "not-signed-in"

    def __init__(self) -> None:
        super().__init__("请先登录。", "Please log in first.")


class ForbiddenError(AccessError):
    """The role does not hold the right."""

    code = "forbidden"

    def __init__(self, right: str) -> None:
        super().__init__(
            f"您的角色没有“{right}”权限；请联系管理员。",
            f"Your role does not hold the right “{right}”; ask an administrator.",
        )


class ForeignRequestError(AccessError):
    """The request was not sent by one of our own pages, or from a page of an earlier login."""

    code = "foreign-request"

    def __init__(self) -> None:
        super().__init__(
            "此请求并非来自当前登录的页面，已拒绝；请刷新页面。",
            "This request did not come from a page of the present login and was refused; reload the page.",
        )


class LoginFailedError(AccessError):
    """Name or password is wrong. Does not say which."""

    code = "login-failed"

    def __init__(self) -> None:
        super().__init__("用户名或密码不正确。", "The name or the password is not right.")


class TooManyAttemptsError(AccessError):
    """Too many wrong passwords; wait."""

    code = "too-many-attempts"
    retry_can_help = True

    def __init__(self, minutes: int) -> None:
        super().__init__(
            f"密码错误次数过多；请 {minutes} 分钟后再试。",
            f"Too many wrong passwords; try again in {minutes} minutes.",
        )


class LinkError(AccessError):
    """The one-time link is unknown, used or too old."""

    code = "link"

    def __init__(self) -> None:
        super().__init__(
            "此一次性链接不存在、已使用或已过期；请在服务器上重新生成。",
            "This one-time link is unknown, used or too old; have a new one made on the server.",
        )


class AccountError(AccessError):
    """The chosen name or password cannot be taken."""

    code = "account"
