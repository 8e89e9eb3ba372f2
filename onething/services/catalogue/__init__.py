"""What definitions say, for who keeps them: versions, how many cases each has, what one changes, pages to sign.

Start here: `register.py`.
Not to be confused with: `bundles`, what there is to apply for, as anybody may ask.
"""
