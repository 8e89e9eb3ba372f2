"""The fields of a form: their values in one form each, what is wrong with them, which of them a look-up asks with.

Start here: `form.py`, a whole form held against its fields.
Not to be confused with: `domain/definition`, which says what fields there are, and
`web/core/definition_fields.py`, which shows them.
"""
