"""As many cases as some years bring: do pages and lists stay as fast, and processes as small, as with a thousand.

Start here: `__main__.py`; then `stories.py` (real cases, told to the writer) and `copies.py` (many of each).
Not to be confused with: `bench`, which measures how fast cases go through.
"""
