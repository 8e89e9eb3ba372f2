"""The pages of the counter, put together: each concern's are in its own room."""

from onething.web.cases import counter_case, find
from onething.web.documents import attempts
from onething.web.followup import counter as followup
from onething.web.followup import visit_pages
from onething.web.intake import acceptance, counter_drafts, inbox, outbox, outbox_sending, receipt, take_in
from onething.web.materials import counter_files, papers
from onething.web.prechecks import answering

COUNTER_ROUTERS = (
    inbox.router,
    find.router,
    take_in.router,
    outbox.router,
    outbox.worker,
    outbox_sending.router,
    outbox_sending.uploads,
    receipt.router,
    counter_case.router,
    acceptance.router,
    papers.router,
    counter_files.router,
    counter_files.uploads,
    attempts.router,
    answering.router,
    followup.router,
    visit_pages.counter,
    counter_drafts.router,
)
