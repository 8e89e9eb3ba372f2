"""The HTTP client of the API: session, problems, events.

Start here: `client.py`.
Not to be confused with: `onething/connectors`.
"""
