"""The layers room: shared items, bundles and places put together before a definition is validated.

Works on plain values that remember where they were written, never on the models: whatever keys a bundle may have, what
has an `id`, `code` or `key` is merged by it. What comes out is validated, linted and compiled as one bundle, and its
problems name the file and line of whoever wrote the part.

Start here: `tree.py` (values with their places), `bundles.py` (shared items into a bundle), `places.py` (what a place
writes otherwise).
Not to be confused with: `definitions/difference.py`, which compares two definitions that are whole.
"""
