"""Acts of applying: submit, draft, prefill, correct, supplement, accept, reject, withdraw.

Start here: `submit.py`.
Not to be confused with: `services/application`, what an application is.
"""
