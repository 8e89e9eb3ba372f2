"""What a data source is asked and gives, and how values from several places are compared.

Start here: `source.py`.
Not to be confused with: `onething/domain/lookups/`, the rules of asking; nor with `definitions/sources/`, the files.
"""
