"""What every page stands on: routes, sessions, forms, forgery protection, templates, assets, errors.

Start here: `routes.py`.
Not to be confused with: `onething/edge`, HTTP itself, which the API shares.
"""
