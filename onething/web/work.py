"""The pages of departments, put together: each concern's are in its own room."""

from onething.web.cases import office_list
from onething.web.cases import office_pages as cases
from onething.web.commitments import pages as commitments
from onething.web.consults import pages as consults
from onething.web.deadlines import pages as deadlines
from onething.web.decisions import pages as decisions
from onething.web.decisions import phrases
from onething.web.discrepancies import pages as discrepancies
from onething.web.dispatch import pages as dispatch
from onething.web.dispatch import sheet_pages
from onething.web.documents import office_letters
from onething.web.followup import replies, visit_pages
from onething.web.inspections import pages as inspections
from onething.web.items import pages as items
from onething.web.lookups import pages as lookups
from onething.web.lookups import retries
from onething.web.materials import office_files, office_papers
from onething.web.periods import pages as periods
from onething.web.reissue import pages as reissue
from onething.web.reporting import own_figures
from onething.web.tasks import bulk, own_views, pages, search
from onething.web.undo import pages as undo

OFFICE_ROUTERS = (
    pages.router,
    pages.unused,
    bulk.router,
    own_views.router,
    search.router,
    decisions.router,
    phrases.router,
    consults.router,
    inspections.router,
    deadlines.router,
    discrepancies.router,
    lookups.router,
    items.router,
    periods.router,
    undo.router,
    commitments.router,
    replies.router,
    visit_pages.office,
    office_papers.router,
    retries.router,
    own_figures.router,
    reissue.router,
    dispatch.router,
    sheet_pages.router,
    sheet_pages.uploads,
    office_list.router,
    cases.router,
    office_files.router,
    office_letters.router,
)
