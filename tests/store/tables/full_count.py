"""The figures counted from scratch, out of everything that was ever recorded: slow, and without any sums kept."""

from datetime import date, timedelta
from typing import Any

from onething.store.tables.measures import ItemFigures, ItemKey, Measured
from tests.store.stage import REGION, Stage

_DAY = "(({0} at time zone 'Asia/Shanghai')::date between $2 and $3)"
_HOLDER = """
left join lateral (
    select d.department, d.bundle_code as bundle, d.item from tasks d
    where d.case_no = {0} and d.item = {1} and d.kind = 'decide' order by d.round desc limit 1
) t on true
"""
_DECIDED = f"t.state = 'done' and t.kind = 'decide' and t.region = $1 and {_DAY.format('t.closed_at')}"
_PAUSED = """
coalesce(sum(case l.what when 'suspended' then t.closed_at - l.at else l.at - t.closed_at end)
    filter (where l.kind = '{0}' and l.subject = t.item and l.what in ('suspended', 'resumed')), interval '0')
"""

_QUERIES = (
    f"""
    select t.department, t.bundle_code as bundle, t.item, count(*) as decided, count(due_at) as dated,
           coalesce(sum(closed_at - opened_at), interval '0') as held,
           count(*) filter (
               where (closed_at at time zone 'Asia/Shanghai')::date < (due_at at time zone 'Asia/Shanghai')::date
           ) as early
    from tasks t where {_DECIDED} group by 1, 2, 3
    """,
    f"""
    select t.department, t.bundle_code as bundle, t.item,
           count(*) filter (where l.kind = 'item' and l.subject = t.item and l.what = 'met') as met,
           count(*) filter (where l.kind = 'item' and l.subject = t.item and l.what = 'missed') as missed,
           count(*) filter (where l.kind = 'item:statutory' and l.subject = t.item and l.what = 'extended')
               as extensions,
           {_PAUSED.format("item")} as paused, {_PAUSED.format("item:statutory")} as law_paused
    from tasks t join clock_ledger l on l.case_no = t.case_no and l.at between t.opened_at and t.closed_at
    where {_DECIDED} group by 1, 2, 3
    """,
    f"""
    select t.department, t.bundle, r.item, count(*) filter (where r.card = 'yellow') as yellow,
           count(*) filter (where r.card = 'red') as red
    from rungs r {_HOLDER.format("r.case_no", "r.item")}
    where r.card is not null and r.taken_back_at is null and r.region = $1 and {_DAY.format("r.at")}
      and (r.item is null or t.department is not null)
    group by 1, 2, 3
    """,
    f"""
    select t.department, t.bundle, t.item, count(*) as returned
    from journal j join cases c using (case_no) {_HOLDER.format("j.case_no", "j.event::jsonb ->> 'earlier'")}
    where j.kind = 'item_returned' and c.region = $1 and {_DAY.format("j.at")}
    group by 1, 2, 3
    """,
    f"""
    select t.department, t.bundle, n.item, count(*) as corrected,
           count(*) filter (where n.times > 1) as corrected_again
    from (
        select d.case_no, d.item, count(*) as times
        from (
            select j.case_no, j.event::jsonb ->> 'item' as item, j.at
            from journal j join cases c using (case_no)
            where j.kind in ('corrections_asked', 'item_corrections_asked') and c.region = $1
              and (j.at at time zone 'Asia/Shanghai')::date <= $3
        ) d
        group by 1, 2 having max((d.at at time zone 'Asia/Shanghai')::date) >= $2
    ) n {_HOLDER.format("n.case_no", "n.item")}
    where n.item is null or t.department is not null
    group by 1, 2, 3
    """,
)
_CHANNELS = f"""
select t.department, t.bundle_code as bundle, t.item, c.channel, count(*) as decided,
       count(*) filter (where c.identity_only and not exists (
           select from journal j where j.case_no = c.case_no and j.kind = 'supplemented'
             and json_array_length(coalesce(j.event::json -> 'materials', '[]')) > 0
       )) as identity_only
from tasks t join cases c using (case_no) where {_DECIDED} group by 1, 2, 3, 4
"""

_FIRST_WORDS = f"""
select null as department, null as bundle, null as item,
       count(*) as first_visits, count(*) filter (where word <> 'no') as first_accepted,
       count(*) filter (where looked_at) as prechecked_visits,
       count(*) filter (where looked_at and word <> 'no') as prechecked_accepted
from (
    select c.case_no, exists (
               select from prechecks p where p.case_no = c.case_no and p.answered_at is not null
           ) as looked_at,
           case
               when a.seq is null and n.seq is null then null
               when n.seq is null or a.seq < n.seq then 'yes'
               else 'no'
           end as word
    from cases c
    left join lateral (
        select min(seq) as seq from journal j where j.case_no = c.case_no and j.kind in ('accepted', 'deemed_accepted')
    ) a on true
    left join lateral (
        select min(seq) as seq from journal j
        where j.case_no = c.case_no and j.kind in ('corrections_asked', 'rejected')
    ) n on true
    where c.channel = 'counter' and c.region = $1 and {_DAY.format("c.submitted_at")}
) w where word is not null
"""


_RATINGS = f"""
select count(*) as rated, count(*) filter (where (event ->> 'grade')::int <= 2) as badly_rated
from journal where kind = 'rated' and region = $1 and {_DAY.format("at")}
"""


async def full_count(stage: Stage, first: date, last: date) -> Measured:
    """Of every department of the region."""
    items: dict[ItemKey, ItemFigures] = {}
    whole_cases = ItemFigures()

    def of(row: Any) -> ItemFigures:
        key = ItemKey(row["department"], row["bundle"], row["item"])
        return whole_cases if row["item"] is None else items.setdefault(key, ItemFigures())

    for query in _QUERIES:
        for row in await stage.look(query, REGION, first, last):
            for name in set(row.keys()).difference(ItemKey._fields):
                setattr(of(row), name, row[name])
    (first_words,) = await stage.look(_FIRST_WORDS, REGION, first, last)
    for name in set(first_words.keys()).difference(ItemKey._fields):
        setattr(whole_cases, name, first_words[name])
    (ratings,) = await stage.look(_RATINGS, REGION, first, last)
    for name in ratings.keys():  # noqa: SIM118 -- a record, whose iteration is over its values
        setattr(whole_cases, name, ratings[name])
    for row in await stage.look(_CHANNELS, REGION, first, last):
        of(row).channels[row["channel"]] = row["decided"]
        of(row).identity_only += row["identity_only"]
    return Measured(items, whole_cases)


def periods(days: list[date]) -> list[tuple[date, date]]:
    """Of these days and around them: all, each by itself, and each one's before and after."""
    first, last = min(days), max(days)
    day = timedelta(days=1)
    around = [((one, one), (first - day, one), (one, last)) for one in days]
    return [(first, last), *(period for three in around for period in three)]
