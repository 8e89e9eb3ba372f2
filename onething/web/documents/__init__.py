"""Certificates and letters.

Start here: `verification.py`, for anybody who holds a certificate.
Not to be confused with: `materials`, what applicants hand in.
"""
