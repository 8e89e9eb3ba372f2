"""HTTP: one file per concern; translates requests into services and their answers into JSON or problem+json.

Never touches the store, activities, SQL text or Temporal; decides nothing by itself.

Start here: `app.py`, which puts the routers together; a route is in the file of its concern.
Not to be confused with: `onething/services`, where the acts are, and `onething/connectors`, which call others.
"""
