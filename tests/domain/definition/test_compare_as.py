"""What counts as the same address, name, date or number, and what stays different because nobody can be sure."""

from datetime import date

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from onething.domain.sources.compare_as import PREFECTURES, CompareAs, normal

ADDRESS, NAME, DATE, ID = CompareAs.ADDRESS, CompareAs.NAME, CompareAs.DATE, CompareAs.ID
HOME = "杭州市西湖区文三路5号2幢301室"
PIECES = "文三路浙江省杭市西湖区号弄幢室栋单元0123456789 ,，.。-—一二十百零〇号ａＢ１５·•年月日/"


@pytest.mark.parametrize(
    ("kind", "one", "other"),
    [
        (ADDRESS, HOME, "浙江省杭州市西湖区文三路５号２幢３０１室"),
        (ADDRESS, HOME, "杭州市 西湖区 文三路5号，2栋，301室"),
        (ADDRESS, HOME, "浙江省杭州市西湖区文三路五号二幢三〇一室"),
        (ADDRESS, "上海市徐汇区漕宝路十二弄3號", "上海市上海市徐汇区漕宝路12弄3号"),
        (ADDRESS, "北京市市辖区朝阳区建国路88号", "北京市朝阳区建国路88号"),
        (ADDRESS, "新疆维吾尔自治区乌鲁木齐市天山区光明路1号a座", "乌鲁木齐市天山区光明路1号A座"),
        (ADDRESS, "文一路100号", "文一路一百号"),
        (ADDRESS, "文一路5号2–301", "文一路5号2-301"),
        (NAME, "阿卜杜拉•买买提", "阿卜杜拉·买买提"),
        (NAME, "阿卜杜拉‧买买提", "阿卜杜拉 . 买买提"),
        (NAME, "Seán O’Neil", "Seán O'Neil"),
        (NAME, "བཀྲ༌ཤིས", "བཀྲ་ཤིས་"),
        (NAME, "张 三", "张　三"),
        (NAME, "张 三", "张三"),
        (NAME, "John  Smith", "JOHN SMITH"),
        (NAME, "杭州（西湖）茶业有限公司", "杭州(西湖)茶业有限公司"),
        (DATE, "2026-03-02", "2026年3月2日"),
        (DATE, "2026-03-02", "２０２６/3/2"),
        (DATE, "20260302", "2026.03.02"),
        (DATE, "2026-03-02", "二〇二六年三月二日"),
        (DATE, "2026-12-31", "二零二六年十二月三十一日"),
        (DATE, "2026-03-02T00:00:00", "2026-03-02"),
        (ID, "110105491231002", "11010519491231002X"),
        (ID, "11010519491231002x", "110105 19491231 002Ｘ"),
    ],
)
def test_the_same(kind: CompareAs, one: str, other: str) -> None:
    assert normal(kind, one) == normal(kind, other)


@pytest.mark.parametrize(
    ("kind", "one", "other"),
    [
        (ADDRESS, "西湖区文三路5号", HOME),  # there is one in Nanchang too
        (ADDRESS, "西湖区文三路5号", "杭州市西湖区文三路5号"),
        (ADDRESS, "浙江省西湖区文三路5号", "江西省西湖区文三路5号"),
        (ADDRESS, "吉林市昌邑区1号", "吉林省长春市昌邑区1号"),
        (ADDRESS, "浙江省中山路城市花园1号", "江苏省中山路城市花园1号"),
        (ADDRESS, "浙江省中山路城市花园1号", "中山路城市花园1号"),
        (ADDRESS, "浙江省中山市场路1号", "江苏省中山市场路1号"),  # 中山市 is of Guangdong
        (ADDRESS, "江苏省朝阳市政大厦1号", "安徽省朝阳市政大厦1号"),
        (ADDRESS, "海南省海口市龙华区1号", "青海省海口市龙华区1号"),
        (ADDRESS, "文三路1.5号", "文三路1、5号"),
        (ADDRESS, "文三路1 2号", "文三路12号"),
        (ADDRESS, "文三路1、2号", "文三路12号"),
        (ADDRESS, "文三路十、二号", "文三路十二号"),
        (ADDRESS, "文三路5号2幢301室", "文三路5号2-301"),
        (ADDRESS, "文三路5号1单元", "文三路5号一2单元"),
        (ADDRESS, "文三路5²号", "文三路52号"),
        (ADDRESS, "文三路05号", "文三路5号"),
        (ADDRESS, "解放路一百五号", "解放路105号"),
        (ADDRESS, "五一路5号", "51路5号"),
        (NAME, "阿卜杜拉买买提", "阿卜杜拉·买买提"),
        (NAME, "JohnSmith", "John Smith"),
        (NAME, "張三", "张三"),
        (NAME, "王·五", "王五"),
        (DATE, "03/02/2026", "02/03/2026"),
        (DATE, "2026-03-02T08:00:00", "2026-03-02"),
        (DATE, "2026-02-30", "2026-03-02"),
        (DATE, "260302", "20260302"),
        (ID, "110105491231999", "110105194912319990"),
        (ID, "110105491331002", "11010519491331002X"),
    ],
)
def test_in_doubt_different(kind: CompareAs, one: str, other: str) -> None:
    assert normal(kind, one) != normal(kind, other)


@given(kind=st.sampled_from(CompareAs), text=st.text() | st.text(PIECES, max_size=20))
def test_a_second_turn_changes_nothing(kind: CompareAs, text: str) -> None:
    assert normal(kind, normal(kind, text)) == normal(kind, text)


@given(house=st.integers(1, 999), other=st.integers(1, 999))
def test_house_numbers_are_never_confused(house: int, other: int) -> None:
    assume(house != other)
    assert normal(ADDRESS, f"文三路{house}号") != normal(ADDRESS, f"文三路{other}号")
    assert normal(ADDRESS, f"文三路{spelt(house)}号") == normal(ADDRESS, f"文三路{house}号")


@given(day=st.dates(date(1900, 1, 1), date(2100, 1, 1)))
def test_every_day_in_every_writing(day: date) -> None:
    written = (
        *(
            f"{day:%Y-%m-%d}",
            f"{day:%Y%m%d}",
            f"{day.year}年{day.month}月{day.day}日",
            f"{day.year}/{day.month}/{day.day}",
        ),
        f"{''.join('〇一二三四五六七八九'[int(d)] for d in str(day.year))}年{spelt(day.month)}月{spelt(day.day)}日",
    )
    assert {normal(DATE, one) for one in written} == {day.isoformat()}


@given(number=st.from_regex(r"[0-9]{15}|[0-9]{17}[0-9X]", fullmatch=True), spaces=st.integers(0, 15))
def test_two_numbers_of_one_length_never_meet(number: str, spaces: int) -> None:
    assert normal(ID, number[:spaces] + " " + number[spaces:]) == normal(ID, number)
    changed = number[:3] + str((int(number[3]) + 1) % 10) + number[4:]
    assert normal(ID, changed) != normal(ID, number)


def spelt(number: int) -> str:
    """As it is said, up to 999."""
    digits = "零一二三四五六七八九"
    hundreds, rest = divmod(number, 100)
    tens, ones = divmod(rest, 10)
    text = f"{digits[hundreds]}百" if hundreds else ""
    if tens:
        text += f"{'' if tens == 1 and not hundreds else digits[tens]}十"
    elif hundreds and ones:
        text += "零"
    return text + (digits[ones] if ones else "")


def test_prefectures_are_as_many_as_there_are_and_each_is_of_one_province() -> None:
    """民政部 counts 333: 293 cities, 30 autonomous prefectures, 7 prefectures, 3 leagues."""
    names = [name for of_one in PREFECTURES.values() for name in of_one]
    ends = [sum(name.endswith(end) for name in names) for end in ("市", "自治州", "地区", "盟")]
    assert (ends, len(set(names))) == ([293, 30, 7, 3], 333)


@pytest.mark.parametrize("province", PREFECTURES)
def test_a_prefecture_says_its_province_and_no_other_does(province: str) -> None:
    for name in PREFECTURES[province]:
        assert normal(ADDRESS, f"{province}{name}长青路1号") == normal(ADDRESS, f"{name}长青路1号")
        for other in PREFECTURES.keys() - {province}:
            assert normal(ADDRESS, f"{other}{name}长青路1号") == f"{other}{name}长青路1号"
