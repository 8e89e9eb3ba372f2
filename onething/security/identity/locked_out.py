"""Who is locked out although the token is in force: by token, or by subject whatever the token. Pure."""

from dataclasses import dataclass

from onething.security.identity.claims import SignedIn
from onething.security.identity.refusals import NotSignedIn


@dataclass(frozen=True, slots=True)
class Lockouts:
    """Who is locked out now. `tokens`: ids as in `SignedIn`."""

    tokens: frozenset[str] = frozenset()
    subjects: frozenset[str] = frozenset()

    def refuse(self, signed_in: SignedIn) -> None:
        """Raises NotSignedIn."""
        if signed_in.token_id in self.tokens:
            raise NotSignedIn("您已退出登录，请重新登录。")
        if signed_in.principal.subject in self.subjects:
            raise NotSignedIn("该账户已被停用，请联系管理员。")
