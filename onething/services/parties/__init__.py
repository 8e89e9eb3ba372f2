"""当事人: those whose records an application has looked up. They agree or not, and read who asked about them.

Start here: `proofs.py`, what is known of them as an application comes in; `answers.py`, what they say.
Not to be confused with: `onething/services/core/authority.py`, by what right somebody submits.
"""
