"""Why a caller is not let in, without a word of what was shown."""

from onething.domain.errors import FailureCode, OneThingError


class NotSignedIn(OneThingError):
    """No token, or one that is forged, foreign, expired or revoked. Never quotes the token."""

    def __init__(self, detail: str = "请先登录。") -> None:
        super().__init__(FailureCode.NOT_SIGNED_IN, detail)


class IdentityUnavailable(OneThingError):
    """Nobody can tell now whether the token is good: an issuer's keys or the lockouts are not to be had."""

    def __init__(self) -> None:
        super().__init__(FailureCode.UNAVAILABLE, "暂时无法核对登录凭证，请稍后重试。")
