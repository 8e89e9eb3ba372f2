"""The pages of supervision, put together: each concern's are in its own room."""

from onething.web.cases import supervised_case
from onething.web.followup import supervision_pages
from onething.web.reporting import export, pages

SUPERVISION_ROUTERS = (pages.router, export.router, supervision_pages.router, supervised_case.router)
