"""Revoking an approval.

Start here: `revocation.py`.
Not to be confused with: `services/intake/withdraw.py`.
"""
