"""来前请窗口看一眼: a clerk looks at a draft before its person travels, says what to bring, and picks day and outlet.
It is no receipt: nothing of it is recorded in a case, and no register is asked.

Start here: `ask.py`.
Not to be confused with: `services/intake`, which takes the draft in afterwards.
"""
