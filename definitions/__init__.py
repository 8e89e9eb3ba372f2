"""The definitions room: each 一件事 as data (`catalog/`) and what it refers to (`sources/`, `calendars/`, departments).

Loads strictly, lints, locks published versions, and compiles definition and answers into a plan: the only place that
evaluates `when`. Reads files of the package and the pure models of `onething.domain`; knows no store, API or clock.

Start here: `loader.py` (files to models), `compile.py` (a definition and answers to a plan), `lint/`.
Not to be confused with: `onething/domain/definition`, the models that the files are read into.
"""
