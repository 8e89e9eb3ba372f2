"""One file per act (submit, decide, withdraw, …): authorise, unseal, compile, record.

What the API, the pages and the CLI all do stands here once. No SQL, no HTTP, no Temporal.
"""
