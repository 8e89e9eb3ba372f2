"""What a case gives in writing: certificates, letters, licences, their delivery.

Start here: `list.py`, `letters.py`.
Not to be confused with: top-level of the press: `onething/documents`.
"""
