"""Certificates and letters.

Start here: `verification.py`, for anybody who holds a certificate; `office_letters.py`, as departments read letters.
Not to be confused with: `materials`, what applicants hand in.
"""
