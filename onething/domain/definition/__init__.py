"""What the file of a 一件事 or of a data source says: strict models.

Start here: `bundle.py`, the model of one 一件事.
Not to be confused with: `domain/form` (values of fields), `domain/plan` (what was compiled for one case) and the
top-level `definitions` (files, loader, linter).
"""
