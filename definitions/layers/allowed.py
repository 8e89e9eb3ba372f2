"""What a place may write otherwise, and why not the rest (三级四同)."""

from collections.abc import Iterator, Sequence

from definitions.layers.overlays import Setting

_MAY = (
    ("parameters.*.value", "当地标准"),
    ("promised", "承诺时限（只能更短）"),
    ("items.*.limits.promised", "承诺时限（只能更短）"),
    ("statutory", "法定期限（须有地方性法规、规章，只能更短）"),
    ("items.*.limits.statutory", "法定期限（须有地方性法规、规章，只能更短）"),
    ("materials.*.required", "材料是否必交"),
    ("materials.*.copies", "材料份数"),
    ("materials.*.due", "材料何时须有、容缺"),
    ("materials.*.commitment", "告知承诺"),
    ("items.*.commitment.check.within", "承诺的核查、改正期限"),
    ("items.*.commitment.rectify.within", "承诺的核查、改正期限"),
    ("items.*.deferral", "容缺"),
    ("items.*.fees", "收费"),
    ("items.*.department", "承办部门"),
    ("correction", "补正"),
    ("correction.*", "补正"),
    ("summary", "说明文字"),
    ("*.help", "说明文字"),
)
"""Paths, `*` for one part or, in front, for any; and what people call it."""
_SAME_EVERYWHERE = {"code", "id", "key", "name", "label", "question", "official", "nature", "kind", "act", "basis"}
_OF_LAW = "statutory"
_NATIONAL = "《中华人民共和国"
MAY_BE_LEFT_OUT = ("items", "materials", "questions", "form", "compare")


def may_set(setting: Setting) -> Iterator[tuple[str, str]]:
    """What is wrong with setting that, and what to do."""
    path = setting.at.split(".")
    if not any(_fits(path, pattern.split(".")) for pattern, _ in _MAY):
        listed = "、".join(dict.fromkeys(word for _, word in _MAY))
        if path[-1] in _SAME_EVERYWHERE:
            yield (
                f"“{setting.at}”各地应当一致，地方不能改写（事项名称、编码、依据、类型四同）。",
                f"地方可以改写：{listed}。",
            )
        else:
            yield (
                f"“{setting.at}”地方不能改写。",
                f"地方可以改写：{listed}；多出来的写在 add 里，不办的写在 leave_out 里。",
            )
    elif path[-1] == "required" and not all(one.is_cited for one in setting.basis):
        yield (
            "一份材料必交不必交，不能按假定的改写。",
            "basis 写明当地规定的名称（title）和条款（article）；没有查到的不改写。",
        )
    elif path[-1] == _OF_LAW and not all(one.is_cited and not one.title.startswith(_NATIONAL) for one in setting.basis):
        yield (
            "法定期限只能按当地的法规、规章改写。",
            "basis 写明地方性法规或规章的名称和条款（article），不能是假定的；没有的不改写。",
        )


def _fits(path: Sequence[str], pattern: Sequence[str]) -> bool:
    if pattern[0] == "*":
        return len(path) > 1 and path[-len(pattern) + 1 :] == [*pattern[1:]]
    return len(path) == len(pattern) and all(want in ("*", part) for part, want in zip(path, pattern, strict=True))
