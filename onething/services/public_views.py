"""What anybody gets to read: the guide, progress by query code, whether a certificate is genuine; tokens and health."""

from onething.services.answers import Shown, View, WholeView
from onething.services.asking import AskedView
from onething.services.clock_views import DeemedView
from onething.services.forecasts import CaseForecast


class LastUrgeView(View):
    """Dates only: when the applicant's side last urged, and when it was answered."""

    at: Shown
    answered_at: Shown | None = None


class ProgressItem(View):
    code: str
    name: str
    holder: str  # name of the department
    state: str
    text: str


class Progress(WholeView):
    """For anybody with the query code: no personal data."""

    case_no: str
    name: str
    status: str
    text: str
    due_at: Shown | None = None
    provisional: bool = False
    urge: LastUrgeView | None = None
    items: list[ProgressItem]
    asked: tuple[AskedView, ...] = ()  # look-ups under way
    forecast: CaseForecast | None = None


class Verification(View):
    """`genuine`: this system issued exactly this content, and a key of ours signed it."""

    number: str
    genuine: bool
    valid: bool
    revoked: bool
    revoked_at: Shown | None = None
    name: str | None = None
    department: str | None = None
    issued_at: Shown | None = None
    valid_until: Shown | None = None
    deemed: DeemedView | None = None


class Token(View):
    access_token: str
    token_type: str = "Bearer"  # noqa: S105  the scheme's name, not a secret
    expires_in: int


class Health(View):
    status: str


class BundleRow(View):
    code: str
    version: int
    name: str
    summary: str
    audience: str
    departments: list[str]


class BundlePage(WholeView):
    items: list[BundleRow]
    next: str | None = None
