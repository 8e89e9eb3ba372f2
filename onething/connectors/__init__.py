"""HTTP clients of data sources, department systems and the notice gateway, with breaker and limits.

They know how to ask, never what an answer means for a case. No personal data in logs or errors: code and key only.
`simulator` is the outside world of the embedded stack and the tests.

Start here: `http_client.py`, one call to a counterpart; `sources.py` and `departments.py`, who they are.
Not to be confused with: `onething/cli/client` (our own API called) and `activities`, which decide when to ask.
"""
