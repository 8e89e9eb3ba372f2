"""Who may do what, and how personal data is kept unreadable: policy table, tokens, sealing, blind index, signatures.

Imports only the domain and libraries. No I/O and no settings: keys, clocks and codes come by constructor, and no
message, error or repr ever holds a key, a password or what was sealed.

Start here: `policy.py`, who may do what; `sealing.py`, how personal data is kept.
Not to be confused with: `onething/services/core/access.py`, which asks the policy about a case; row-level security, the
second wall, is part of the schema.
"""
