"""Who is calling: bearer tokens of the issuers that this installation trusts, read into a `Principal`.

Start here: `reader.TokenReader`, the one way in. `issuers` is the file that says whom we trust for what, `claims` what
a token with a good signature says, `key_sets` where public keys come from, `locked_out` who is locked out although the
token is in force, `trial` the trial's own issuer. Not to be confused with `signed_calls` (systems that sign each call),
`policy` (what the caller may do) and `assurance` (how sure of the caller that has to be).
"""
