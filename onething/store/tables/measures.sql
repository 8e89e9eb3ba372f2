-- All but the last are of items that were decided in a period, by department, bundle (without version) and item.

-- name: decided
-- Early is on an earlier day than the one promised; what has no due date counts as decided only.
select department, bundle_code as bundle, item, count(*) as decided, count(due_at) as dated,
       coalesce(sum(closed_at - opened_at), interval '0') as held,
       count(*) filter (where (closed_at at time zone 'Asia/Shanghai')::date < (due_at at time zone 'Asia/Shanghai')::date)
           as early
from tasks
where state = 'done' and kind = 'decide' and region = :region and department = any(:departments)
  and closed_at >= :since and closed_at < :until
group by 1, 2, 3

-- name: clocks
-- A pause lasts from its suspending to its resuming, and at most to the decision: the difference of what is left after each.
select t.department, t.bundle_code as bundle, t.item,
       count(*) filter (where l.kind = 'item' and l.subject = t.item and l.what = 'met') as met,
       count(*) filter (where l.kind = 'item' and l.subject = t.item and l.what = 'missed') as missed,
       count(*) filter (where l.kind = 'item:statutory' and l.subject = t.item and l.what = 'extended') as extensions,
       coalesce(sum(case l.what when 'suspended' then t.closed_at - l.at else l.at - t.closed_at end)
           filter (where l.kind = 'item' and l.subject = t.item and l.what in ('suspended', 'resumed')), interval '0') as paused,
       coalesce(sum(case l.what when 'suspended' then t.closed_at - l.at else l.at - t.closed_at end)
           filter (where l.kind = 'item:statutory' and l.subject = t.item and l.what in ('suspended', 'resumed')),
           interval '0') as law_paused
from tasks t
join clock_ledger l on l.case_no = t.case_no and l.at >= t.opened_at and l.at <= t.closed_at
where t.state = 'done' and t.kind = 'decide' and t.region = :region and t.department = any(:departments)
  and t.closed_at >= :since and t.closed_at < :until
group by 1, 2, 3

-- name: channels
-- By identity card alone: no paper was asked for at submission, and none brought later.
select t.department, t.bundle_code as bundle, t.item, c.channel, count(*) as decided,
       count(*) filter (where case when c.identity_only then not exists (
           select from journal j
           where j.case_no = c.case_no and j.kind = 'supplemented'
             and json_array_length(coalesce(j.event::json -> 'materials', '[]')) > 0
       ) end) as identity_only
from tasks t join cases c on c.case_no = t.case_no
where t.state = 'done' and t.kind = 'decide' and t.region = :region and t.department = any(:departments)
  and t.closed_at >= :since and t.closed_at < :until
group by 1, 2, 3, 4

-- name: cards
-- Of the period, whether or not decided since, but for those that were taken back; those of cases as a whole have no department, bundle and item.
select t.department, t.bundle, r.item, count(*) filter (where r.card = 'yellow') as yellow,
       count(*) filter (where r.card = 'red') as red
from rungs r
left join lateral (
    select d.department, d.bundle_code as bundle from tasks d
    where d.case_no = r.case_no and d.item = r.item and d.kind = 'decide' limit 1
) t on true
where r.card is not null and r.taken_back_at is null and r.region = :region and r.at >= :since and r.at < :until
  and (r.item is null or t.department = any(:departments))
group by 1, 2, 3

-- name: returned
-- How often it was sent back to its department in the period, whether or not decided since.
select t.department, t.bundle, t.item, count(*) as returned
from journal j
join lateral (
    select d.department, d.bundle_code as bundle, d.item from tasks d
    where d.case_no = j.case_no and d.item = j.event::jsonb ->> 'earlier' and d.kind = 'decide' and d.region = :region
    limit 1
) t on true
where j.kind = 'item_returned' and j.at >= :since and j.at < :until and t.department = any(:departments)
group by 1, 2, 3

-- name: corrections
-- Applications and items of which a notice of the period said what is missing, and those of them that had one before: a
-- second demand. Before acceptance it is the counter's, of no department.
select t.department, t.bundle, n.item, count(*) as corrected, count(*) filter (where n.times > 1) as corrected_again
from (
    select d.case_no, d.item, count(*) as times
    from (
        select j.case_no, j.event::jsonb ->> 'item' as item, j.at
        from journal j join cases c on c.case_no = j.case_no
        where j.kind in ('corrections_asked', 'item_corrections_asked') and j.at < :until and c.region = :region
    ) d
    group by d.case_no, d.item having max(d.at) >= :since
) n
left join lateral (
    select d.department, d.bundle_code as bundle from tasks d
    where d.case_no = n.case_no and d.item = n.item and d.kind = 'decide' limit 1
) t on true
where n.item is null or t.department = any(:departments)
group by 1, 2, 3

-- name: recent
-- Of each item that is asked for, newest first.
select k.nth, r.opened_at, r.closed_at, r.suspended, r.resumed
from unnest(:departments::text[], :bundles::text[], :items::text[]) with ordinality as k (department, bundle, item, nth)
cross join lateral recent_handlings(:region, k.department, k.bundle, k.item, :at_most) r
order by k.nth, r.closed_at desc
