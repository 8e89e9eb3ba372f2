"""更正、补发、换发: certificates made out once more, in place of those before.

Start here: `rules.py`.
Not to be confused with: `domain/undo/revocation.py`, where the approval itself is taken back; 补正 (`correction`
everywhere), which the applicant is asked for.
"""
