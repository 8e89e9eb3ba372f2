"""What there is to apply for, found by the words that people use for it. Pure."""

from collections.abc import Callable, Sequence
from typing import TypeVar

T = TypeVar("T")

_EVERYDAY = {
    "公司": "企业",
    "开店": "企业 开办",
    "创业": "企业 开办",
    "孩子": "新生儿",
    "宝宝": "新生儿",
    "小孩": "新生儿",
    "去世": "死亡",
    "过世": "死亡",
    "病故": "死亡",
    "货车": "运输",
    "客车": "运输",
}
"""What people say → what the definitions say. Assumed: until definitions carry words of their own."""


def found(rows: Sequence[T], text_of: Callable[[T], str], words: str) -> list[T]:
    """Those whose text has each of the words; if none has, those in which a part of one stands, the best first."""
    asked = words.lower().split()
    texts = [(row, text_of(row).lower()) for row in rows]
    exactly = [row for row, text in texts if all(word in text for word in asked)]
    if exactly:
        return exactly
    parts = _parts("".join(asked)) | _parts("".join(_official(word) for word in asked))
    scored = [(sum(part in text for part in parts), row) for row, text in texts]
    return [row for score, row in sorted(scored, key=lambda one: -one[0]) if score]


def _official(word: str) -> str:
    for everyday, official in _EVERYDAY.items():
        word = word.replace(everyday, f" {official} ")
    return word


def _parts(text: str) -> set[str]:
    """Every two characters that stand side by side."""
    return {text[at : at + 2] for at in range(len(text) - 1) if " " not in text[at : at + 2]}
