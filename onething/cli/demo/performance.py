"""The stories played side by side, and what is found out about each afterwards."""

from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from onething.cli.demo import acceptance, death, enterprise, transport
from onething.cli.demo.outside import Toll
from onething.cli.demo.play import Play
from onething.cli.demo.stage import Stage


@dataclass(frozen=True)
class Story:
    title: str
    example: str
    applicant: str
    certificates: int  # how many it must end with
    play: Callable[[Play], None]


STORIES = tuple(
    Story(one.TITLE, one.EXAMPLE, one.APPLICANT, one.CERTIFICATES, one.play)
    for one in (enterprise, death, transport, acceptance)
)


@dataclass(frozen=True)
class Ending:
    """All there is to tell about one finished case. `verified`: certificate number → genuine and valid."""

    play: Play
    case: dict[str, Any]
    timeline: list[dict[str, Any]]
    documents: list[dict[str, Any]]
    verified: dict[str, bool]
    toll: Toll
    departments: Mapping[str, str]  # code → name

    @property
    def as_it_should(self) -> bool:
        return not self.play.differences


def perform(stage: Stage) -> list[Ending | Play]:
    """Play all stories at once. A story that never got a case number comes back as the bare `Play`."""
    plays = [Play(stage, story.title, story.example, story.applicant) for story in STORIES]
    with ThreadPoolExecutor(len(STORIES), thread_name_prefix="story") as pool:
        try:
            for running in [pool.submit(play.run, story.play) for play, story in zip(plays, STORIES, strict=True)]:
                running.result()
        except BaseException:
            stage.stop()
            raise
    return [_ending(play, story) if play.case_no else play for play, story in zip(plays, STORIES, strict=True)]


def _ending(play: Play, story: Story) -> Ending:
    documents = play.me.get(f"/api/cases/{play.case_no}/documents")["items"]
    verified = {one["number"]: _genuine(play, one["number"]) for one in documents}
    play.expect("证照份数", len(documents), story.certificates)
    play.expect("验真通过的证照", sum(verified.values()), len(documents))
    toll = play.stage.outside.toll(play.case_no)
    play.expect("重复生效的请求", toll.doubled, ())
    progress = play.stage.anybody.get(f"/api/progress/{play.case_no}", code=play.query_code)
    case = play.case()
    play.expect("凭查询码看到的状态", progress["status"], case["status"])
    return Ending(play, case, play.timeline(), documents, verified, toll, play.departments)


def _genuine(play: Play, number: str) -> bool:
    """Asked as anybody would, without signing in."""
    answer = play.stage.anybody.get(f"/api/certificates/{number}/verify")
    return bool(answer["genuine"] and answer["valid"])
