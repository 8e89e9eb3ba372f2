"""现场一次一评: whoever came to a counter, or was visited, may say how that one time was.

Source: 国办发〔2019〕51号 (政务服务“好差评”, from secondary copies): services on site are rated once each time
(现场服务“一次一评”), by a device at the window or by a code; five grades; bad ones are answered and put right. As of
ratings of cases (`ratings.py`) the two limits are set locally. That the rated does not learn by whom is a rule of ours.

A visit belongs to a case, a place and a day: what is done there on one day, in however many acts, is rated once. It is
no fact of the case, which moves in no way by it, and whose readers would learn from it who rated whom.
"""

from datetime import datetime
from enum import StrEnum

from onething.domain.calendar.countdown import end
from onething.domain.calendar.days import Calendar
from onething.domain.calendar.limits import Limit
from onething.domain.followup.ratings import BAD

CONTACT_WITHIN = Limit(amount=1)
RECTIFY_WITHIN = Limit(amount=5)


class VisitPlace(StrEnum):
    COUNTER = "counter"  # the hall's, or an outlet's
    DEPARTMENT = "department"  # papers were brought to it
    ON_SITE = "on_site"  # it came and looked


def owed(calendar: Calendar, grade: int, at: datetime) -> tuple[datetime | None, datetime | None]:
    """By when a rating of that moment is to be answered, and put right; None for one that is not bad."""
    if grade > BAD:
        return None, None
    return end(calendar, at, CONTACT_WITHIN).at, end(calendar, at, RECTIFY_WITHIN).at
