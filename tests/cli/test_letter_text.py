"""A letter in the terminal: all that it says on paper."""

from onething.cli.views import letters

LETTER = {
    "title": "不予登记决定书",
    "number": "33010020260302000001-5",
    "addressee": "张三",
    "issuer": "杭州市市场监督管理局",
    "at": "2026-03-02T09:00:00+08:00",
    "legal_basis": "《条例》第十九条",
    "paragraphs": ["您申请的“企业开办”，决定不予登记。", "理由：[b]住所不实[/b]"],
    "remedies": "不服本决定的，可以申请行政复议。",
    "dates": [{"title": "企业开办（承诺）", "before": "2026-03-05T17:30:00+08:00"}],
}


def test_all_of_it_in_the_order_of_the_paper() -> None:
    assert letters.text(LETTER).splitlines() == [
        "不予登记决定书",
        "编号：33010020260302000001-5",
        "",
        "张三：",
        "　　您申请的“企业开办”，决定不予登记。",
        "　　理由：[b]住所不实[/b]",
        "　　企业开办（承诺）：原到期 2026-03-05 17:30:00，现到期 中止计时",
        "法律依据：《条例》第十九条",
        "　　不服本决定的，可以申请行政复议。",
        "",
        "杭州市市场监督管理局",
        "2026-03-02 09:00:00",
    ]


def test_what_it_has_not_is_left_out() -> None:
    bare = {**LETTER, "dates": []} | dict.fromkeys(("addressee", "legal_basis", "remedies"))
    told = letters.text(bare)
    assert "法律依据" not in told
    assert "None" not in told
