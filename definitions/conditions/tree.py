"""The tree of a checked expression, as far as conditions need it: read from the message `cel.expr.CheckedExpr` that the
library gives away (cel-spec, proto/cel/expr/checked.proto and syntax.proto: the numbers below are its fields)."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from google.protobuf.any_pb2 import Any as AnyMessage
from google.protobuf.empty_pb2 import Empty
from google.protobuf.unknown_fields import UnknownFieldSet

_EXPRESSION = 4  # of CheckedExpr
_CONSTANT, _NAME, _CALL, _LIST = 3, 4, 6, 7  # of Expr, beside `select`, `struct` and `comprehension`
_OTHERS = {5: "“.”后面的部分", 8: "对象", 9: "循环（exists、all 等）"}
_BOOL, _WHOLE, _TEXT = 2, 3, 6  # of Constant
_Fields = dict[int, list[bytes | int]]


@dataclass(frozen=True)
class Node:
    """`value`: of a constant (None: neither text, whole number nor yes or no), a name, a function, or what else it is.
    `parts`: of a list, or a call's operands."""

    kind: Literal["constant", "name", "call", "list", "other"]
    value: object
    parts: tuple["Node", ...] = ()

    def all(self) -> Iterator["Node"]:
        """Itself and everything in it."""
        yield self
        for part in self.parts:
            yield from part.all()


def tree_of(serialized: bytes) -> Node:
    """Of what `Expression.serialize` gives."""
    checked = AnyMessage.FromString(serialized).value
    return _node(_only(_fields(checked), _EXPRESSION))


def _node(message: bytes) -> Node:
    fields = _fields(message)
    if _CONSTANT in fields:
        constant = _fields(_only(fields, _CONSTANT))
        if _TEXT in constant:
            return Node("constant", _only(constant, _TEXT).decode())
        if _WHOLE in constant:
            return Node("constant", _signed(constant[_WHOLE][-1]))
        return Node("constant", bool(constant[_BOOL][-1]) if _BOOL in constant else None)
    if _NAME in fields:
        return Node("name", _only(_fields(_only(fields, _NAME)), 1).decode())
    if _CALL in fields:
        call = _fields(_only(fields, _CALL))
        operands = (*call.get(1, ()), *call.get(3, ()))  # what it is called on, and arguments
        return Node("call", _only(call, 2).decode(), tuple(_node(one) for one in operands if isinstance(one, bytes)))
    if _LIST in fields:
        elements = _fields(_only(fields, _LIST)).get(1, ())
        return Node("list", None, tuple(_node(one) for one in elements if isinstance(one, bytes)))
    return Node("other", next((_OTHERS[number] for number in fields if number in _OTHERS), "空的部分"))


def _signed(value: bytes | int) -> int:
    """Of a varint, which has 64 bits."""
    if not isinstance(value, int):
        raise TypeError("no number")
    return value - (1 << 64) if value >> 63 else value


def _only(fields: _Fields, number: int) -> bytes:
    value = fields[number][-1]
    if not isinstance(value, bytes):
        raise TypeError("no message, and no text")
    return value


def _fields(message: bytes) -> _Fields:
    found: _Fields = {}
    fields = UnknownFieldSet(Empty.FromString(message))
    for one in (fields[index] for index in range(len(fields))):
        found.setdefault(one.field_number, []).append(one.data)
    return found
