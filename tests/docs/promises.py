"""Sentences of the pages that promise protection, and the tests that they name.

A promise has its proof right behind it, in a comment that only writers see: `<!-- test: tests/…/test_x.py::test_y -->`,
several of them with spaces between; in a row of a table anywhere. That nothing is lost or done twice is no matter of
protection here: `make chaos` judges that.
"""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from tests.docs.reading import ROOT, prose

PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
"""Decisions (docs/adr) tell why, as of their day; they promise nothing."""

WORDS = {
    "who gets to know it, and who does not": r"""
        密封 加密 盲索引 个人信息 没有姓名 没有电话 看不到 看得到 读不到 读得到 查得到 只看 不看\s\| 只告诉 只收到
        只含 不显示 不保存 不留 不进 不存
        外传 泄露 打不开 现做 不告诉 只答 脱敏 用得着的 能读的 只写名字 内存里
        personal\sdata sealed encrypt readable
    """,
    "that it is as it was, and who says so": r"""
        签名 签了名 篡改 伪造 冒充 猜测 真伪 验真 核验不通过 只增不改 链 哈希 看得出 看不出 锚 五分钟 非对称
        \bhash tamper \bsigned\b signature
    """,
    "who may, and until when": r"""
        只有[^，。；]*(?:能|得到|算数|办得了) 只能 只限 行级 各看各的 授权 有效委托 委托有效 没有委托 委托的范围
        即止 到此为止 立即生效 不能收 不收
        不能登记 不登记 不办 进不来 不是权利 须是 须用 须在登录 只信 本人的 本人确认 停用账户 停用名单 退出登录
        没写的就不给 最多能给 同一主机
        401 403 authori[sz]e\b policy\stable policies checked\sat\severy\sact owner
    """,
    "what is written down about it": r"""
        审计 访问日志 查阅记录 留痕 留了痕 各一行 留一行 也是一行 成一行 报警 告警 为什么查 写理由 写原因 据可查
        每一步谁
        audit each\sreading
    """,
    "how often, and how much": r"""
        限流 429 413 408 至多\s1\sMB 至多列 锁不住
        rate\slimits?
    """,
    "what is not let in, nor let go": r"""
        拒收 的拒绝 被拒绝 一律拒绝 拒绝启动 不启动 起不来 只送公网 绝不 不跟随 丢弃 不取用 必设 只监听 只发布 https
        不理 先于内容
    """,
}
"""By what a sentence is taken for a promise; regular expressions, looked for outside of code and addresses."""
_PROMISE = re.compile("|".join(word for words in WORDS.values() for word in words.split()), re.IGNORECASE)
_NO_PROSE = re.compile(r"`[^`]*`|\]\([^)]*\)")  # code, and where a link leads
_TEST = re.compile(r"<!-- test: ([^>]*?) -->|`(tests/[\w/]+\.py::\w+)`")
_COMMENT = re.compile(r"<!--.*?-->")
_NEW_UNIT = re.compile(r" *(?:[-*]|\d+\.) |#|\|")
_SENTENCE = re.compile(r".+?(?:[。！？][）”]*|[.](?=\s)|$)(?:\s*<!--.*?-->)*")
_RULE = re.compile(r"\|[-| :]+\|?$")  # between a table's head and its rows


@dataclass(frozen=True)
class Sentence:
    page: str
    text: str
    tests: tuple[str, ...]

    @property
    def promises(self) -> bool:
        return not self.text.startswith("#") and _PROMISE.search(_NO_PROSE.sub("", self.text)) is not None


def sentences(page: str, text: str) -> Iterator[Sentence]:
    """Of a page's Markdown without its fenced blocks. A row of a table is one, a head is none."""
    for unit in _units(text):
        for found in [unit] if unit.startswith("|") else _SENTENCE.findall(unit):
            tests = tuple(one for pair in _TEST.findall(found) for one in " ".join(pair).split())
            yield Sentence(page, _COMMENT.sub("", found).strip(), tests)


def _units(text: str) -> Iterator[str]:
    """Paragraphs, items of lists, headings, rows: each on one line."""
    lines: list[str] = []
    for line in [*text.splitlines(), ""]:
        if _RULE.match(line):
            lines.clear()  # what stood before it was the head
        elif not line.strip() or _NEW_UNIT.match(line):
            if lines:
                yield _joined(lines)
            lines = [line] if line.strip() else []
        else:
            lines.append(line)


def _joined(lines: list[str]) -> str:
    return re.sub(r"(?<=[^\x00-\x7f]) (?=[^\x00-\x7f])", "", " ".join(line.strip() for line in lines))


def of_pages() -> list[Sentence]:
    return [sentence for page in PAGES for sentence in sentences(page.relative_to(ROOT).as_posix(), prose(page))]


def without_proof(told: list[Sentence], excepted: dict[str, dict[str, str]]) -> list[str]:
    """A line for each promise that names no test and is no exception. `excepted`: page → beginning → why."""
    return [
        f"{one.page}: {one.text}"
        for one in told
        if one.promises
        and not one.tests
        and not any(one.text.startswith(beginning) for beginning in excepted.get(one.page, ()))
    ]


def exists(test: str) -> bool:
    """Whether the file is there and has that function, at its top or in a class. Parsed, not run."""
    return _function(test) is not None


def is_left_out(test: str) -> bool:
    """Whether it is run on some days only (`pytest.mark.sampled`)."""
    function = _function(test)
    return function is not None and any("mark.sampled" in ast.unparse(mark) for mark in function.decorator_list)


def _function(test: str) -> ast.FunctionDef | ast.AsyncFunctionDef | None:
    file, _, name = test.partition("::")
    path = ROOT / file
    return _functions(path).get(name) if path.is_file() and name.startswith("test_") else None


@cache
def _functions(path: Path) -> dict[str, ast.FunctionDef | ast.AsyncFunctionDef]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return {node.name: node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)}
