"""Letters on paper: typst templates and the press that sets them. Gets plain words, gives PDF bytes; knows no case, no
record and no settings. Nothing personal stays behind: no files are written, no logs.

Start here: `press.py`.
Not to be confused with: `onething/services/documents`, which says what a letter or certificate says.
"""
