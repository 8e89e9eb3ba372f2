"""What the API promises changes only when somebody means it."""

from api.app import create_app
from onething.services.core.context import AppContext
from tests.record.documents import DOCUMENTS


def test_the_description_is_the_recorded_one() -> None:
    document = DOCUMENTS["openapi"]
    assert not document.stale(), document.remedy()


def test_the_recorded_one_describes_every_route() -> None:
    recorded = DOCUMENTS["openapi"].file.read_text(encoding="utf-8")
    served = create_app(AppContext.__new__(AppContext)).openapi()["paths"]
    assert len(served) > 50
    assert [path for path in served if f'"{path}": {{' not in recorded] == []
