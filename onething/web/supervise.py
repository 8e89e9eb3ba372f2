"""The pages of supervision, put together: each concern's are in its own room."""

from onething.web.cases import supervised_case
from onething.web.commitments import credit_notes
from onething.web.deadlines import supervised as deadlines
from onething.web.dispatch import pages as dispatch
from onething.web.followup import supervision_pages, visit_pages
from onething.web.intake import supervised as intake
from onething.web.items import supervised as items
from onething.web.reporting import export, league, pages
from onething.web.undo import supervised as undo

SUPERVISION_ROUTERS = (
    pages.router,
    export.router,
    league.router,
    supervision_pages.router,
    visit_pages.supervision,
    credit_notes.router,
    dispatch.supervision,
    supervised_case.router,
    supervision_pages.acts,
    deadlines.router,
    intake.router,
    items.router,
    undo.router,
)
