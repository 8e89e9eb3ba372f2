"""Who is locked out although the token is in force: by token, by subject whatever the token, or as a person who is
registered to be no more, whatever the account. Pure."""

from dataclasses import dataclass

from onething.security.identity.claims import SignedIn
from onething.security.identity.refusals import NotSignedIn

ENDED = "该身份的户口已登记注销，不能再登录。登记有误的，请本人持证件到公安派出所或综合窗口，撤销登记后即可登录。"


@dataclass(frozen=True, slots=True)
class Lockouts:
    """Who is locked out now. `tokens`: ids as in `SignedIn`; `persons`: identities as in `Principal`."""

    tokens: frozenset[str] = frozenset()
    subjects: frozenset[str] = frozenset()
    persons: frozenset[str] = frozenset()

    def refuse(self, signed_in: SignedIn) -> None:
        """Raises NotSignedIn."""
        if signed_in.token_id in self.tokens:
            raise NotSignedIn("您已退出登录，请重新登录。")
        if signed_in.principal.subject in self.subjects:
            raise NotSignedIn("该账户已被停用，请联系管理员。")
        if signed_in.principal.identity in self.persons:
            raise NotSignedIn(ENDED)
