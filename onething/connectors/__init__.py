"""HTTP clients of data sources, department systems and the notice gateway, with breaker and limits.

They know how to ask, never what an answer means for a case. No personal data in logs or errors: code and key only.
`simulator` is the outside world of the embedded stack and the tests.
"""
