"""What each matter of the catalogue is, and so what its refusal is called."""

from definitions.compile import compile_plan
from definitions.loader import load_catalog
from onething.domain.definition.items import ACT_WORDS, Nature
from onething.domain.plan.plan import PlanItem

REFUSED = {
    "企业设立登记": "登记",
    "公章刻制备案": "备案",
    "税务信息确认与发票领用": "确认",
    "社会保险登记": "登记",
    "住房公积金缴存登记": "登记",
    "银行预约开户": "办理",
    "道路运输经营许可": "许可",
    "营运车辆登记": "登记",
    "道路运输证配发": "配发",
    "户口注销": "注销",
    "养老待遇终止与丧葬补助金、抚恤金": "给付",
    "医疗保险参保终止与个人账户余额返还": "办理",
    "住房公积金死亡提取与账户注销": "提取",
    "机动车驾驶证注销": "注销",
    "惠民殡葬补贴与优待终止": "给付",
    "残疾人证注销": "注销",
    "出生医学证明签发": "签发",
    "出生户口登记": "登记",
    "新生儿医保参保登记": "登记",
    "社会保障卡申领": "办理",
    "预防接种证办理": "办理",
    "生育津贴申领": "给付",
    "营业执照信息核验": "核验",
    "食品经营许可": "许可",
    "仅销售预包装食品备案": "备案",
    "公众聚集场所投入使用、营业前消防安全检查": "许可",
    "污水排入排水管网许可": "许可",
    "大型户外广告设置许可": "许可",
    "招牌设置备案": "备案",
    "身份和授权核验": "核验",
    "户籍证明": "查询",
    "亲属关系证明": "出具",
    "无犯罪记录证明": "出具",
    "婚姻登记记录证明": "查询",
    "不动产登记信息证明": "查询",
    "社会保险参保缴费证明": "查询",
    "基本医疗保险参保证明": "查询",
    "住房公积金缴存证明": "查询",
    "纳税记录证明": "查询",
    "学籍学历证明": "查询",
    "内地居民结婚登记": "登记",
    "家庭经济状况核对": "核对",
    "住房保障资格审核": "确认",
    "登记为公租房轮候对象": "登记",
    "租赁补贴资格确认": "给付",
    "公示异议核查": "确认",
    "男方户口婚姻状况变更": "变更",
    "女方户口婚姻状况变更": "变更",
    "户主变更": "变更",
    "夫妻投靠户口迁移": "迁入",
    "生育登记": "登记",
    "参保和直接结算查询": "查询",
    "异地安置退休人员备案": "备案",
    "异地长期居住人员备案": "备案",
    "常驻异地工作人员备案": "备案",
    "异地转诊人员备案": "备案",
    "临时外出就医人员备案": "备案",
    "门诊慢特病跨省直接结算待遇认定": "认定",
    "医疗费用手工报销": "给付",
    "医疗费用先行支付": "给付",
    "职工医保个人账户家庭共济": "备案",
    "清税（税务注销）": "清税",
    "企业注销登记": "注销",
    "印章缴销": "缴销",
    "注销社会保险登记": "注销",
    "注销医疗保险参保登记": "注销",
    "住房公积金单位缴存登记注销": "注销",
    "海关报关单位备案注销": "注销",
    "银行账户撤销预约": "办理",
    "基本养老保险视同缴费年限认定": "认定",
    "特殊工种提前退休核准": "核准",
    "达到法定退休年龄领取基本养老保险待遇资格确认": "确认",
    "企业职工基本养老金申领": "给付",
    "缴费年限不足的处理": "办理",
    "职工医保在职转退休": "办理",
    "退休提取住房公积金": "提取",
    "独生子女父母奖励": "奖励",
    "建设工程规划核实": "核实",
    "特殊建设工程消防验收": "许可",
    "其他建设工程消防验收备案": "办理",
    "人防工程竣工验收": "验收",
    "排水设施验收": "验收",
    "附属绿化工程验收": "验收",
    "竣工验收备案": "办理",
    "建设项目档案移交": "办理",
    "不动产首次登记": "登记",
}


def planned() -> list[PlanItem]:
    catalog = load_catalog()
    plans = [
        compile_plan(bundle, catalog.sources, example.answers)
        for bundle in catalog.latest.values()
        for example in bundle.examples
    ]
    return [item for plan in plans for item in plan.items]


def test_each_refusal_has_the_words_of_its_matter() -> None:
    assert {item.name: item.act for item in planned()} == REFUSED


def test_every_nature_has_a_word_and_what_a_matter_rests_on_is_no_assumption() -> None:
    assert ACT_WORDS.keys() == set(Nature)
    for item in planned():
        assert not [basis for basis in item.basis if "假定" in basis], item.name
    registration = next(item for item in planned() if item.name == "企业设立登记")
    assert registration.basis[0].startswith("《中华人民共和国市场主体登记管理条例》")
