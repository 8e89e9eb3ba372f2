"""Numbers in expressions: literals become whole numbers of the smallest unit before anything is compiled, so that no
fraction is ever compared. Columns that a compiler tells are told in the text as it was written."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from definitions.conditions.words import WITH_NUMBERS, Word, scaled

NUMBER = re.compile(r"(?<![\w.])[0-9]+(?:\.[0-9]+)?(?![\w.])")
NAME = re.compile(r"(?<![\w.\"'])[a-z]\w*(?:\.\w+)*")
TEXT = re.compile(r"\"[^\"]*\"|'[^']*'")


@dataclass(frozen=True)
class ScaledText:
    """`decimals`: of all numbers in it. `text`: with literals of so many places, and what it compiles as."""

    text: str
    decimals: int
    _pieces: tuple[tuple[int, int], ...]  # where a literal ends: in the written text, in this one

    def written(self, column: int) -> int:
        """A column of this text, from 1, as one of the text that was written."""
        before = [(old, new) for old, new in self._pieces if new < column]
        old, new = before[-1] if before else (0, 0)
        return column - new + old


def scaled_text(text: str, words: Mapping[str, Word]) -> ScaledText:
    outside = TEXT.sub(lambda found: " " * len(found[0]), text)
    literals = list(NUMBER.finditer(outside))
    places = [max(0, -int(Decimal(one[0]).as_tuple().exponent)) for one in literals]
    named = (words[name[0]] for name in NAME.finditer(outside) if name[0] in words)
    decimals = max([0, *places, *(word.decimals for word in named if word.kind in WITH_NUMBERS)])
    if not decimals:
        return ScaledText(text, 0, ())
    written, pieces, at = "", [], 0
    for literal in literals:
        written += text[at : literal.start()] + str(scaled(literal[0], decimals))
        at = literal.end()
        pieces.append((at, len(written)))
    return ScaledText(written + text[at:], decimals, tuple(pieces))
