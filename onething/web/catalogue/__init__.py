"""定义: what each 一件事 says, for who keeps it: in words, drawn, compared, tried, and for departments to sign.

Start here: `pages.py`.
Not to be confused with: `bundles`, the same for who applies.
"""
