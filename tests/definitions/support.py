"""A small but whole definition, and folders of definitions made from it with one thing wrong."""

from pathlib import Path

from definitions.commands import problems_of
from definitions.problems import DefinitionProblem

SMALL = """\
schema: 2
code: small
version: 1
name: 小事一件
summary: 两个事项。
audience: person
basis:
  - {title: 《中华人民共和国行政许可法》}
promised: {amount: 5, unit: working_day, for: office, basis: assumed}
statutory: {amount: 20, unit: working_day, for: office, basis: assumed}
departments: [psb, amr]
parties:
  - {id: person, name: 申请人, identity: id_number}
questions:
  - id: kind
    question: 哪一种？
    type: choice
    options: [{value: new, label: 新办}, {value: old, label: 已有}]
    default: new
  - id: extra
    question: 要附加吗？
    type: boolean
    default: false
    when: answers.kind == "new"
form:
  - id: person
    name: 申请人
    fields:
      - {id: name, label: 姓名, type: person_name}
      - {id: id_number, label: 公民身份号码, type: resident_id}
      - {id: reason, label: 理由, type: long_text, when: answers.extra}
materials:
  - {code: letter, name: 申请书, basis: {title: 《条例》}, when: answers.extra}
  - code: identity
    name: 身份核验
    lookup: {source: identity-check, params: {name: name, id_number: id_number}}
    fallback: id-copy
  - {code: id-copy, name: 身份证复印件}
  - {code: card, name: 首证, output: first.card}
items:
  - code: first
    name: 首个事项
    department: psb
    nature: licence
    limits:
      statutory: {amount: 10, unit: working_day, for: office, basis: assumed}
      promised: {amount: 2, unit: working_day, for: office, basis: assumed}
    basis: [{title: 《条例》, article: 第一条}]
    reads: [person]
    deferral: {none: 申请书是申请本身。}
    materials: [letter, identity, id-copy]
    decision_form:
      - {id: card_no, label: 证号, type: text}
    outputs:
      - {id: card, name: 首证, kind: certificate, fields: [name, card_no]}
    on_refusal: stop
    undo: {by: system, what: 收回首证。}
  - code: second
    name: 后续事项
    department: amr
    nature: licence
    when: answers.kind == "new"
    limits:
      statutory: {amount: 10, unit: working_day, for: office, basis: assumed} # second
      promised: {amount: 2, unit: working_day, for: office, basis: assumed} # second
    basis: [{title: 当地做法, assumed: true}]
    reads: [name]
    materials: [card]
    outputs:
      - {id: done, name: 结果, kind: result, fields: [card_no]}
    on_refusal: go_on
    fees:
      - {name: 工本费, yuan: 5, basis: {title: 《收费条例》, article: 第二条}, when: answers.extra}
examples:
  - name: 新办
    answers: {}
    expect: {items: [first, second], materials: [], lookups: [identity]}
"""


def folder_with(tmp_path: Path, text: str, file: str = "catalog/small/v1.yaml") -> Path:
    target = tmp_path / file
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(text, encoding="utf-8")
    return tmp_path


def changed(old: str, new: str) -> str:
    assert SMALL.count(old) == 1, f"{old!r} must stand once in the small definition"
    return SMALL.replace(old, new)


def problems_after(tmp_path: Path, old: str, new: str) -> list[DefinitionProblem]:
    return problems_of(folder_with(tmp_path, changed(old, new)))[1]


def line_of(text: str, marker: str) -> int:
    lines = [number for number, line in enumerate(text.splitlines(), start=1) if marker in line]
    assert len(lines) == 1, f"{marker!r} must stand in one line, not in {lines}"
    return lines[0]
