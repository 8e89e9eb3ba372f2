"""Conditions (`when`): CEL over `answers`, with the types of a definition's questions, checked before any is evaluated.

Start here: `typed.py`, the conditions of one definition. `tree.py` is what one reads and compares; `messages.py` says
to an officer what is wrong with one.
Not to be confused with: `definitions/lint/conditions.py`, which checks whether a condition makes sense where it stands.
"""

from definitions.conditions.typed import Condition, ConditionError, Conditions, conditions_of

__all__ = ["Condition", "ConditionError", "Conditions", "conditions_of"]
