"""Opinions and agreements of other departments.

Start here: `ask.py`.
Not to be confused with: `services/inspections`.
"""
