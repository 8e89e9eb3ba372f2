"""Two shared items and a bundle that uses them: whole, so that a test changes one thing."""

from pathlib import Path

FOOD = """\
schema: 2
code: food-licence
version: 1
name: 食品经营许可
bases:
  food: {title: 《中华人民共和国食品安全法》, article: 第三十五条, says: 经营食品须取得许可}
parameters: [{id: small_area, name: 小店的最大面积, type: number, value: 0, unit: 平方米, basis: food}]
questions:
  - {id: area, question: 经营场所面积多大？, type: number, unit: 平方米, minimum: 1, maximum: 100000}
  - {id: chain, question: 是否连锁门店？, type: boolean, default: false}
situations: [{id: large, name: 须核查场所, is: answers.area > params.small_area, basis: food}]
form:
  - id: premises
    name: 经营场所
    fields:
      - {id: shop_name, label: 店名, type: text, max_length: 100}
      - {id: manager, label: 食品安全管理员, type: person_name}
checks: [{must: form.manager != form.shop_name, says: 管理员写姓名。, at: [manager]}]
materials:
  - {code: layout, name: 布局图, basis: food, when: situation.large}
  - {code: chain-letter, name: 总部的说明, basis: food, when: answers.chain}
item:
  code: food-licence
  name: 食品经营许可
  department: amr
  nature: licence
  basis: food
  limits:
    statutory: {amount: 20, unit: working_day, for: office, basis: assumed}
    promised: {amount: 10, unit: working_day, for: office, basis: assumed}
  reads: [shop_name, manager]
  materials: [layout, chain-letter]
  deferral: {none: 都要审查。}
  decision_form: [{id: food_no, label: 许可证编号, type: text, max_length: 20}]
  outputs: [{id: food_licence, name: 食品经营许可证, kind: certificate, fields: [shop_name, food_no]}]
  on_refusal: go_on
  undo: {what: 撤回食品经营许可。}
"""

FIRE = """\
schema: 2
code: fire-check
version: 1
name: 消防安全检查
bases:
  fire: {title: 《中华人民共和国消防法》, article: 第十五条}
parameters: [{id: fire_free_area, name: 消防检查的面积标准, type: number, value: 0, unit: 平方米, basis: fire}]
questions:
  - {id: area, question: 经营场所面积多大？, type: number, unit: 平方米, minimum: 1, maximum: 100000}
situations: [{id: fire_needed, name: 须办消防检查, is: answers.area > params.fire_free_area, basis: fire}]
form:
  - id: premises
    name: 经营场所
    fields:
      - {id: shop_name, label: 店名, type: text, max_length: 100}
materials:
  - {code: fire-rules, name: 消防制度, basis: fire}
item:
  code: fire-check
  name: 消防安全检查
  department: psb
  nature: licence
  basis: fire
  when: situation.fire_needed
  limits:
    statutory: {amount: 13, unit: working_day, for: office, basis: fire}
    promised: {amount: 10, unit: working_day, for: office, basis: assumed}
  reads: [shop_name]
  materials: [fire-rules]
  deferral: {none: 都要审查。}
  decision_form: [{id: fire_no, label: 合格证编号, type: text, max_length: 40}]
  outputs: [{id: fire_notice, name: 检查合格证, kind: certificate, fields: [shop_name, fire_no]}]
  on_refusal: go_on
  undo: {what: 撤回消防检查。}
"""

SHOP = """\
schema: 2
code: shop-opening
version: 1
name: 开办餐饮店
summary: 食品经营许可、消防安全检查、烟草零售，一次申请。
audience: enterprise
bases:
  tobacco: {title: 《中华人民共和国烟草专卖法实施条例》, article: 第九条}
basis: tobacco
promised: {amount: 15, unit: working_day, for: office, basis: assumed}
statutory: {amount: 20, unit: working_day, for: office, basis: assumed}
departments: [amr, psb, tax]
questions:
  - {id: tobacco, question: 是否零售烟草？, type: boolean, default: false}
form:
  - id: operator
    name: 经营者
    fields:
      - {id: phone, label: 联系电话, type: phone}
materials:
  - {code: tobacco-map, name: 店铺位置图, basis: tobacco}
items:
  - {use: food-licence@1, promised: {amount: 8, unit: working_day, for: office, basis: assumed}}
  - use: fire-check@1
    after: [tobacco]
  - code: tobacco
    name: 烟草专卖零售许可
    department: tax
    nature: licence
    basis: tobacco
    when: answers.tobacco
    limits:
      statutory: {amount: 20, unit: working_day, for: office, basis: assumed}
      promised: {amount: 5, unit: working_day, for: office, basis: assumed}
    reads: [shop_name, phone]
    materials: [tobacco-map]
    deferral: {none: 都要审查。}
    decision_form: [{id: tobacco_no, label: 许可证号, type: text, max_length: 20}]
    outputs: [{id: tobacco_licence, name: 烟草专卖零售许可证, kind: certificate, fields: [shop_name, tobacco_no]}]
    on_refusal: skip_dependants
    undo: {what: 收回许可证。}
clocks:
  joint: true
  supplement: {amount: 20, unit: working_day, for: person}
  supplement_silence: go_on
  ladder: [{code: promise_due, of: promise, days_left: 0, tells: [handler]}]
examples:
  - name: 大店，零售烟草
    answers: {area: 400, tobacco: true}
    expect: {items: [food-licence, fire-check, tobacco], materials: [layout, fire-rules, tobacco-map]}
  - name: 连锁小店
    answers: {area: 20, chain: true}
    expect: {items: [food-licence, fire-check], materials: [layout, chain-letter, fire-rules]}
"""

FILES = {
    "items/food-licence/v1.yaml": FOOD,
    "items/fire-check/v1.yaml": FIRE,
    "catalog/shop-opening/v1.yaml": SHOP,
}


def folder_of(tmp_path: Path, **changes: tuple[str, str]) -> Path:
    """The three files; `changes`: food, fire or shop, what stands there once → what shall stand there."""
    files = dict(FILES)
    for which, (old, new) in changes.items():
        name = next(one for one in files if which in one)
        assert files[name].count(old) == 1, f"{old!r} must stand once in {name}"
        files[name] = files[name].replace(old, new)
    for name, text in files.items():
        target = tmp_path / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")
    return tmp_path


REGIONS = """\
regions:
  "620200": 嘉峪关市
  "620201": {name: 城区, parent: "620200"}
  "310115": 浦东新区
  "330100": 杭州市
"""

CITY = """\
schema: 2
overlay: shop-opening@1
place: "620200"
version: 1
name: 开办餐饮店（嘉峪关市）
bases:
  guide: {title: 嘉峪关市开办场所办事指南, note: 三百平方米以下不办消防安全检查。, assumed: true}
  local: {title: 《嘉峪关市餐饮服务管理条例》, article: 第八条, says: 十五个工作日}
set:
  - {at: parameters.fire_free_area.value, to: 300, basis: guide}
  - {at: items.food-licence.limits.promised, to: {amount: 3, unit: working_day, for: office}, basis: guide}
  - {at: items.food-licence.limits.statutory, to: {amount: 15, unit: working_day, for: office}, basis: local}
leave_out:
  - {what: items.tobacco, why: 烟草零售许可另行办理。, basis: assumed}
examples:
  - {name: 大店, answers: {area: 400}, expect: {items: [food-licence, fire-check]}}
  - {name: 小店, answers: {area: 200}, expect: {items: [food-licence], materials: [layout]}}
"""

DISTRICT = """\
schema: 2
overlay: shop-opening@1
place: "620201"
version: 1
set:
  - {at: parameters.fire_free_area.value, to: 100, basis: assumed}
add:
  materials:
    - {code: street-letter, name: 街道意见, seen_by: [food-licence], basis: assumed}
  questions:
    - {id: market, question: 是否在菜市场内？, type: boolean, default: false, basis: assumed}
  situations:
    - {id: in_market, name: 在菜市场内, is: answers.market, basis: assumed}
  items:
    - code: market-entry
      name: 市场准入备案
      department: hrss
      nature: other_power
      kind: filing
      basis: assumed
      when: situation.in_market
      limits: {statutory: none, promised: {amount: 1, unit: working_day, for: office, basis: assumed}}
      outputs: [{id: market_note, name: 备案结果, kind: result}]
      on_refusal: go_on
      undo: {what: 取消备案。}
examples:
  - {name: 菜市场里的小店, answers: {area: 80, market: true}, expect: {items: [food-licence, market-entry]}}
"""

PLACES = {
    "regions.yaml": REGIONS,
    "places/620200/shop-opening.v1.yaml": CITY,
    "places/620201/shop-opening.v1.yaml": DISTRICT,
}


def places_of(tmp_path: Path, which: str = "", old: str = "", new: str = "") -> Path:
    """The shop, with a city and its district that have it otherwise; `old` of the file of `which` becomes `new`."""
    folder = folder_of(tmp_path)
    for name, text in PLACES.items():
        if which and which in name:
            assert text.count(old) == 1, f"{old!r} must stand once in {name}"
            text = text.replace(old, new)
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")
    return folder
