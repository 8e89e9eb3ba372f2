"""Issuing the certificates of a decided case: inside PostgreSQL, so its effect and its outcome are one transaction."""

from temporalio import activity

from activities.ports import Desk
from onething.domain.handover import Assignment, HandOver


class CertificateActivities:
    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    @activity.defn(name="issue_certificates")
    async def issue_certificates(self, assignment: Assignment) -> HandOver:
        return await self._desk.issue_certificates(assignment)
