"""What a case gives in writing: certificates, letters, licences, their delivery.

Start here: `list.py`, `letters.py` (what is told in writing, as what), `letter_text.py` (in which words).
Not to be confused with: top-level of the press: `onething/documents`.
"""
