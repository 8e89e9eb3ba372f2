"""PostgreSQL itself: pool, transactions, SQL files, whose rights, notifications, locks.

Start here: `database.py`.
Not to be confused with: `store/record`, what is written.
"""
