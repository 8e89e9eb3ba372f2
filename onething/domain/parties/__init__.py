"""The parties room: whose numbers an application holds, what is known of each, and by what right their records may be
asked for. Who only types a number has proved nothing.

Start here: `authority.py`, which alone says whether a look-up may begin; `rules.py` keeps what is known of a party.
Not to be confused with: `onething/domain/lookups/`, where look-ups begin, wait for a right, and fall back; nor with
`onething/services/core/authority.py`, by what right somebody submits.
"""
