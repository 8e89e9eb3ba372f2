"""救济: what may be done about a decision, with whom and until when, as each adverse letter has to tell it.

行政许可法 Art. 38: a refusal tells of review and suit. 行政复议法 (2023): Art. 20 sixty days, and up to a year for whom
nobody told of it; Art. 23 review before court, which has to be told; Art. 24 the government of the same level; Art. 27
the superior of who is under vertical leadership. 行政诉讼法: Art. 44 either way, Art. 45 fifteen days after review,
Art. 46 six months. All count from knowing of the decision, in calendar days and months.
"""

from definitions.offices import Reviewer
from onething.domain.definition.items import Item, Nature, Remedies
from onething.domain.plan.plan import PlanItem

_REVIEW = "《中华人民共和国行政复议法》第二十条、{articles}"
_SUIT = "《中华人民共和国行政诉讼法》第四十五条、第四十六条"
_AFTER_REVIEW = "对复议决定不服的，可以自收到复议决定书之日起十五日内向人民法院提起行政诉讼"


def paragraph(item: PlanItem | Item | None, reviewer: Reviewer, issuer: str) -> str:
    """The paragraph. `item` None: about the whole case, by its counter; `issuer`: whose letter it is, by name."""
    if item is not None and item.nature is Nature.UTILITY:
        return (
            f"本事项由{issuer}提供服务，不是行政机关作出的决定，不适用行政复议和行政诉讼；有异议的，可以向{issuer}或者综合窗口投诉，"
            "也可以依法向人民法院提起民事诉讼。"
        )
    competence = "第二十七条" if reviewer.by_superior else "第二十四条"
    if item is not None and item.remedies is Remedies.REVIEW_FIRST:
        review = _REVIEW.format(articles=f"第二十三条、{competence}")
        return (
            f"不服本决定的，应当先自知道本决定之日起六十日内向{reviewer.body}申请行政复议；对复议决定不服的，"
            f"可以自收到复议决定书之日起十五日内向{reviewer.court}提起行政诉讼（{review}，《中华人民共和国行政诉讼法》第四十五条）。"
        )
    review = _REVIEW.format(articles=competence)
    return (
        f"不服本决定的，可以自知道本决定之日起六十日内向{reviewer.body}申请行政复议，也可以自知道本决定之日起六个月内直接向"
        f"{reviewer.court}提起行政诉讼；{_AFTER_REVIEW}（{review}，{_SUIT}）。"
    )
