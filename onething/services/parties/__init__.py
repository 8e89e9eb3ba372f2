"""当事人: those whose records an application has looked up. They agree or not, and read who asked about them.

Start here: `answers.py`; what is known of them as an application comes in: `onething/services/application/parties.py`.
Not to be confused with: `onething/services/core/authority.py`, by what right somebody submits.
"""
