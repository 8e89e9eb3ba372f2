"""The graph of items: what may open, what a decision unlocks; deferral (容缺), returns (退回), reassignment,
deemed approval, reopening (重新办理).

Start here: `rules.py`.
Not to be confused with: `domain/dispatch.py`, the systems of departments that decide items.
"""
