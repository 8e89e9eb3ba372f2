"""What a definition and the answers of one application were compiled to. Immutable, keyed by its digest.

Start here: `plan.py`.
Not to be confused with: `domain/definition`, which holds for every case, and `definitions/compile.py`,
which does the compiling.
"""
