"""条件 on the page of a decision: each is answered, and none of those tasks is approved together with others."""

from onething.web.core.spreadsheets import read_sheets
from tests.api import acts
from tests.api.conftest import TownBy
from tests.api.test_conditions import with_conditions
from tests.web.office import decision, done, press, task_of
from tests.web.test_sheets import HEADS, TOLD, book, sent
from tests.web.visitor import Visitor


async def test_each_condition_is_answered_on_the_page(town_by: TownBy) -> None:
    async with town_by(with_conditions) as town:
        case_no = await acts.accepted_case(town)
        async with Visitor(town) as officer:
            await officer.sign_in("officer.amr")
            page = await officer.get(f"{task_of(case_no)}/decide")
            assert "有合法的住所。" in page.text
            assert "《测试条例》第五条" in page.text
            bulk = await officer.get(f"/work/bulk?act=approve&ticked={case_no}-registration-1")
            assert "不能一起办" in bulk.text
            ((name, rows),) = read_sheets(
                (await officer.get(f"/work/sheet.xlsx?ticked={case_no}-registration-1")).content
            ).items()
            assert "有合法的住所。" in rows[HEADS]
            row = rows[TOLD]
            row += [""] * (len(rows[HEADS]) - len(row))
            refusal = {"决定": "不予", "意见": "没有房屋", "有合法的住所。": "不符合"}
            for head, cell in refusal.items():
                row[rows[HEADS].index(head)] = cell
            look = await sent(officer, book({name: rows}))
            assert "&#34;place&#34;:false" in look.text
            left = await press(officer, task_of(case_no), "decide", decision(case_no))
            assert left.status_code == 422
            assert "还缺：有合法的住所。" in left.text
            said = decision(case_no, **{"/conditions/place": "true"})
            assert "已办结：准予" in await done(officer, task_of(case_no), "decide", said)
