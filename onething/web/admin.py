"""The pages of who keeps definitions and runs the system, put together: each concern's are in its own room."""

from onething.web.catalogue import pages as catalogue
from onething.web.subscriptions import pages as subscriptions

ADMIN_ROUTERS = (catalogue.router, subscriptions.router)
