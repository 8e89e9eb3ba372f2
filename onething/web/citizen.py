"""Which routers make up what people see who apply: /apply and /my."""

from onething.web.audit import pages as audit
from onething.web.cases import pages as cases
from onething.web.documents import certificate_files, channel, letters, licences
from onething.web.followup import pages as followup
from onething.web.inspections import applicant as inspections
from onething.web.intake import applications, prefills, rows, sections, submission, supplements, withdrawal
from onething.web.intake import pages as intake
from onething.web.mandates import pages as mandates
from onething.web.materials import pages as materials
from onething.web.materials import supplies
from onething.web.notifications import pages as notifications
from onething.web.prechecks import pages as prechecks

CITIZEN_ROUTERS = (
    *(applications.router, intake.router, sections.router, rows.router, submission.router, prefills.router),
    *(materials.router, materials.uploads, cases.router, supplements.router, supplies.router, supplies.uploads),
    *(
        prechecks.router,
        withdrawal.router,
        followup.router,
        letters.router,
        licences.router,
        channel.router,
        inspections.router,
        certificate_files.router,
    ),
    *(mandates.router, notifications.router, audit.router),
)
