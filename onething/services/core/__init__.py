"""What every act stands on: context, idempotency, access, visibility.

Start here: `context.py`, then `idempotency.py`.
Not to be confused with: `services/summaries`, the shapes of answers.
"""
