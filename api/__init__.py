"""HTTP: one file per audience; translates requests into services and their answers into JSON or problem+json.

Never touches the store, activities, SQL text or Temporal; decides nothing by itself.
"""
