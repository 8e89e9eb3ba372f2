"""Taking back what was done: newest first after a refusal or withdrawal, and revoking (撤销) an approval.

Start here: `rules.py`.
Not to be confused with: `domain/items/returns.py`: a return (退回) undoes nothing outside.
"""
