"""Server-rendered pages for people; says what services say, decides nothing.

Never touches the store, activities, SQL text or Temporal.
"""
