"""One form for the ways in which people and registers write the same address, name, date or identity number.

For comparing only, never for keeping. When in doubt two ways of writing stay different: people then look at both.
"""

import re
import unicodedata
from collections.abc import Callable
from datetime import date
from enum import StrEnum

from onething.domain.characters import UnusableText, cleaned
from onething.domain.identity import IdType, same_holder


class CompareAs(StrEnum):
    ADDRESS = "address"
    NAME = "name"
    DATE = "date"
    ID = "id"


def normal(kind: CompareAs, text: str) -> str:
    """Equal for two texts only if they say the same; empty where nothing is said. Stable under a second turn."""
    return _composed(_FORMS[kind](_plain(_seen(text))))  # what stood between two characters may have kept them apart


def _seen(text: str) -> str:
    """Without what nobody sees; a register's text that no caller could send stays as it is."""
    try:
        return cleaned(text)
    except UnusableText:
        return text


_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20}
_HYPHENS = dict.fromkeys(map(ord, "‐‑‒–—―−"), "-")


def _plain(text: str) -> str:
    """Half width, one kind of hyphen, upper case, no space at the ends. No more than that: NFKC would make 5² of 52."""
    return _composed(text.translate(_WIDTH).translate(_HYPHENS).upper())


def _composed(text: str) -> str:
    return unicodedata.normalize("NFC", text).strip()


# -- addresses -----------------------------------------------------------------------------------------------------

_CITIES = {
    "河北省": "石家庄 唐山 秦皇岛 邯郸 邢台 保定 张家口 承德 沧州 廊坊 衡水",
    "山西省": "太原 大同 阳泉 长治 晋城 朔州 晋中 运城 忻州 临汾 吕梁",
    "内蒙古自治区": "呼和浩特 包头 乌海 赤峰 通辽 鄂尔多斯 呼伦贝尔 巴彦淖尔 乌兰察布",
    "辽宁省": "沈阳 大连 鞍山 抚顺 本溪 丹东 锦州 营口 阜新 辽阳 盘锦 铁岭 朝阳 葫芦岛",
    "吉林省": "长春 吉林 四平 辽源 通化 白山 松原 白城",
    "黑龙江省": "哈尔滨 齐齐哈尔 鸡西 鹤岗 双鸭山 大庆 伊春 佳木斯 七台河 牡丹江 黑河 绥化",
    "江苏省": "南京 无锡 徐州 常州 苏州 南通 连云港 淮安 盐城 扬州 镇江 泰州 宿迁",
    "浙江省": "杭州 宁波 温州 嘉兴 湖州 绍兴 金华 衢州 舟山 台州 丽水",
    "安徽省": "合肥 芜湖 蚌埠 淮南 马鞍山 淮北 铜陵 安庆 黄山 滁州 阜阳 宿州 六安 亳州 池州 宣城",
    "福建省": "福州 厦门 莆田 三明 泉州 漳州 南平 龙岩 宁德",
    "江西省": "南昌 景德镇 萍乡 九江 新余 鹰潭 赣州 吉安 宜春 抚州 上饶",
    "山东省": "济南 青岛 淄博 枣庄 东营 烟台 潍坊 济宁 泰安 威海 日照 临沂 德州 聊城 滨州 菏泽",
    "河南省": "郑州 开封 洛阳 平顶山 安阳 鹤壁 新乡 焦作 濮阳 许昌 漯河 三门峡 南阳 商丘 信阳 周口 驻马店",
    "湖北省": "武汉 黄石 十堰 宜昌 襄阳 鄂州 荆门 孝感 荆州 黄冈 咸宁 随州",
    "湖南省": "长沙 株洲 湘潭 衡阳 邵阳 岳阳 常德 张家界 益阳 郴州 永州 怀化 娄底",
    "广东省": "广州 韶关 深圳 珠海 汕头 佛山 江门 湛江 茂名 肇庆 惠州 梅州 汕尾 河源 阳江 清远 东莞 中山 潮州 "
    "揭阳 云浮",
    "广西壮族自治区": "南宁 柳州 桂林 梧州 北海 防城港 钦州 贵港 玉林 百色 贺州 河池 来宾 崇左",
    "海南省": "海口 三亚 三沙 儋州",
    "四川省": "成都 自贡 攀枝花 泸州 德阳 绵阳 广元 遂宁 内江 乐山 南充 眉山 宜宾 广安 达州 雅安 巴中 资阳",
    "贵州省": "贵阳 六盘水 遵义 安顺 毕节 铜仁",
    "云南省": "昆明 曲靖 玉溪 保山 昭通 丽江 普洱 临沧",
    "西藏自治区": "拉萨 日喀则 昌都 林芝 山南 那曲",
    "陕西省": "西安 铜川 宝鸡 咸阳 渭南 延安 汉中 榆林 安康 商洛",
    "甘肃省": "兰州 嘉峪关 金昌 白银 天水 武威 张掖 平凉 酒泉 庆阳 定西 陇南",
    "青海省": "西宁 海东",
    "宁夏回族自治区": "银川 石嘴山 吴忠 固原 中卫",
    "新疆维吾尔自治区": "乌鲁木齐 克拉玛依 吐鲁番 哈密",
}

_OTHERS = {
    "内蒙古自治区": "兴安盟 锡林郭勒盟 阿拉善盟",
    "吉林省": "延边朝鲜族自治州",
    "黑龙江省": "大兴安岭地区",
    "湖北省": "恩施土家族苗族自治州",
    "湖南省": "湘西土家族苗族自治州",
    "四川省": "阿坝藏族羌族自治州 甘孜藏族自治州 凉山彝族自治州",
    "贵州省": "黔西南布依族苗族自治州 黔东南苗族侗族自治州 黔南布依族苗族自治州",
    "云南省": "楚雄彝族自治州 红河哈尼族彝族自治州 文山壮族苗族自治州 西双版纳傣族自治州 大理白族自治州 "
    "德宏傣族景颇族自治州 怒江傈僳族自治州 迪庆藏族自治州",
    "西藏自治区": "阿里地区",
    "甘肃省": "临夏回族自治州 甘南藏族自治州",
    "青海省": "海北藏族自治州 黄南藏族自治州 海南藏族自治州 果洛藏族自治州 玉树藏族自治州 海西蒙古族藏族自治州",
    "新疆维吾尔自治区": "阿克苏地区 喀什地区 和田地区 塔城地区 阿勒泰地区 昌吉回族自治州 博尔塔拉蒙古自治州 "
    "巴音郭楞蒙古自治州 克孜勒苏柯尔克孜自治州 伊犁哈萨克自治州",
}

PREFECTURES = {
    province: (*(f"{city}市" for city in cities.split()), *_OTHERS.get(province, "").split())
    for province, cities in _CITIES.items()
}
"""Full names of the prefecture-level divisions by province, as of 2026: 293 cities, 30 autonomous prefectures, 7
prefectures and 3 leagues (民政部，中华人民共和国行政区划统计表). Each is unique in the country: an address that begins
with one needs no province before it."""

_MUNICIPALITY = re.compile(r"^(北京市|天津市|上海市|重庆市)(?:\1)?(?:市辖区|县(?=[^0-9A-Z]{2,6}县))?")
_NUMERAL = re.compile(r"[〇零一二三四五六七八九十百]+(?=(?:号|弄|幢|室|层|单元|组|支弄))")
_VARIANTS = str.maketrans({"號": "号", "栋": "幢", "棟": "幢", "〇": "零"})
_SEPARATORS = re.compile(r"[\s,，.。、;；]+")
_DIGITS = {char: value for value, char in enumerate("零一二三四五六七八九")}


def _address(text: str) -> str:
    """Without the province before a prefecture of its own, which is called so once in the country. Another's, and
    what only sounds like one (浙江省中山路城市花园), keep theirs; what stands before a district is never made up.
    Numbers of houses in digits, 栋 as 幢. A separator goes, unless it keeps two numbers apart."""
    text = _SEPARATORS.sub(_separator, text.translate(_VARIANTS))
    text = _NUMERAL.sub(_in_digits, text)
    text = _MUNICIPALITY.sub(r"\1", text)
    for province, prefectures in PREFECTURES.items():
        rest = text.removeprefix(province)
        if rest != text and rest.startswith(prefectures):
            return rest
    return text


def _separator(found: re.Match[str]) -> str:
    before, after = found.string[: found.start()][-1:], found.string[found.end() :][:1]
    apart = "." if found[0] == "." else " "  # 1.5 is one number, 1、5 are two
    return apart if _counts(before) and _counts(after) else ""


def _counts(char: str) -> bool:
    return char != "" and (char.isascii() or char in "零一二三四五六七八九十百")


def _in_digits(found: re.Match[str]) -> str:
    """二〇一 is 201, 二十三 is 23. What is neither, and what other figures stand next to, is left as it is."""
    before = found.string[: found.start()][-1:]
    number = _number(found[0])
    return found[0] if number is None or (before and before in "0123456789千万第-") else number


def _number(text: str) -> str | None:
    if all(char in _DIGITS for char in text):
        plain = "".join(str(_DIGITS[char]) for char in text)
        return plain if len(plain) == 1 or not plain.startswith("0") else None
    parts = re.fullmatch(
        r"(?:([一二三四五六七八九])百(零)?)?(?:([一二三四五六七八九])?(十))?([一二三四五六七八九])?", text
    )
    if parts is None:
        return None
    hundreds, zero, tens, ten, ones = parts.groups()
    # 一百十 and 一百五 are said in more than one way, and 一百零 is no number
    odd = (
        (hundreds and ten and not tens) or (hundreds and ones and not ten and not zero) or (zero and (ten or not ones))
    )
    if odd:
        return None
    value = 100 * _DIGITS.get(hundreds, 0) + 10 * (_DIGITS[tens] if tens else bool(ten)) + _DIGITS.get(ones, 0)
    return str(value)


# -- names ---------------------------------------------------------------------------------------------------------

_MARKS = str.maketrans(dict.fromkeys("•‧∙・･⋅●᛫", "·") | dict.fromkeys("‘’ʼ", "'") | {"\u0f0c": "\u0f0b"})
_TSHEG = "\u0f0b"  # between syllables of Tibetan, and behind the last one or not
_HAN = r"[\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]"
_DOT_OF_HAN = re.compile(rf"(?<={_HAN})\s*[.。·]\s*(?={_HAN})")
_SPACE_IN_HAN = re.compile(rf"(?<={_HAN})\s+(?={_HAN})")


def _name(text: str) -> str:
    """Dots between the parts of a name are one kind, and so are apostrophes; spaces between Chinese characters say
    nothing, in other scripts they part words."""
    text = _DOT_OF_HAN.sub("·", text.translate(_MARKS).rstrip(_TSHEG))
    text = _SPACE_IN_HAN.sub("", text)
    return re.sub(r"\s*·\s*", "·", re.sub(r"\s+", " ", text))


# -- dates ---------------------------------------------------------------------------------------------------------

_DATES = (
    re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})"),
    re.compile(r"(\d{4})/(\d{1,2})/(\d{1,2})"),
    re.compile(r"(\d{4})\.(\d{1,2})\.(\d{1,2})"),
    re.compile(r"(\d{4})\s*年\s*(\d{1,2})\s*月\s*(\d{1,2})\s*日"),
    re.compile(r"(\d{4})(\d{2})(\d{2})"),
)
_MIDNIGHT = re.compile(r"[T ]00:00(:00(\.0+)?)?$")
_CHINESE_DATE = re.compile(
    r"([零〇一二三四五六七八九]{4})年([一二三四五六七八九十]{1,3})月([一二三四五六七八九十]{1,3})日"
)


def _date(text: str) -> str:
    """As 2026-03-02. A day is never guessed of 03/02/2026, nor of a moment that has a time."""
    plain = _MIDNIGHT.sub("", text)
    for form in _DATES:
        found = form.fullmatch(plain)
        if found is not None:
            return _day(*found.groups()) or text
    spelt = _CHINESE_DATE.fullmatch(plain.replace("〇", "零"))
    if spelt is not None:
        parts = [_number(part) for part in spelt.groups()]
        return (_day(*parts) if all(parts) else None) or text
    return text


def _day(*parts: str | None) -> str | None:
    try:
        return date(*(int(part or 0) for part in parts)).isoformat()
    except ValueError:
        return None


# -- identity numbers ----------------------------------------------------------------------------------------------


def _identity(text: str) -> str:
    """A citizen's number, of 15 digits or 18, or whatever else it is."""
    return same_holder(IdType.RESIDENT_ID, text).removeprefix("citizen/")


_FORMS: dict[CompareAs, Callable[[str], str]] = {
    CompareAs.ADDRESS: _address,
    CompareAs.NAME: _name,
    CompareAs.DATE: _date,
    CompareAs.ID: _identity,
}
