"""People sign in and out, and are locked out. Start here: `sign_in` (under trial only), `lockouts` (acts).

What every API process knows of lockouts is `onething/services/core/lockout_watch.py`. Not to be confused with
`onething/security/identity`, which reads tokens.
"""
