"""更正、补发、换发: a department has certificates of its item made out once more.

Start here: `reissue.py`, the act; `corrections.py`: what may be corrected, and into what.
Not to be confused with: `services/documents/certificates.py`, which makes them out; a new query code
(`services/cases/query_code.py`).
"""
