"""Other departments are asked what they think of an item (协办), or for their agreement (会签).

Start here: `rules.py`.
Not to be confused with: `domain/inspections` (联合踏勘) and `domain/intake`, where the applicant is asked.
"""
