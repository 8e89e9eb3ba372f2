"""Look-ups at data sources: outcome, retry, by hand, records used again.

Start here: `outcome.py`.
Not to be confused with: `services/dispatch`, the systems that decide.
"""
