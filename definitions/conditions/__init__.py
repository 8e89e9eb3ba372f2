"""Expressions of definitions: CEL with types, checked before any is evaluated. `when` says what applies, `must` of a
check what is valid.

Start here: `of_bundles.py`, what a definition's expressions may name and where they stand; `typed.py`, one expression.
`words.py` are kinds and scopes, `functions.py` what may be called, `numbers.py` how figures are read, `tree.py` what
one reads and compares; `messages.py` says to an officer what is wrong with one.
Not to be confused with: `definitions/lint/conditions.py`, which checks whether a condition makes sense where it stands.
"""

from definitions.conditions.of_bundles import conditions_of
from definitions.conditions.typed import Condition, ConditionError, Conditions

__all__ = ["Condition", "ConditionError", "Conditions", "conditions_of"]
