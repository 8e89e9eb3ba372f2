"""Materials as files: uploaded, read, used again, or met by a licence.

Start here: `files.py`.
Not to be confused with: `services/documents`: what the applicant gets.
"""
