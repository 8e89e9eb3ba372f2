-- name: lease
-- The snapshot is the statement's, while the row may be newer: confirming compares with the snapshot's seq.
with due as (
    select case_no from handovers
    where not_before <= :now and (leased_until is null or leased_until <= :now)
    order by not_before limit :limit
    for update skip locked
), leased as (
    update handovers h set leased_until = :until, attempts = h.attempts + 1
    from due where h.case_no = due.case_no
    returning h.case_no, h.attempts, h.told_seq
)
select l.case_no, l.attempts, l.told_seq, c.head_seq, s.schema, s.body, i.epoch
from leased l
join cases c using (case_no)
join case_state s using (case_no)
cross join installation i

-- name: confirm
delete from handovers h using unnest(:case_nos::text[], :seqs::int[]) as sent (case_no, seq)
where h.case_no = sent.case_no and h.seq <= sent.seq

-- name: release
-- What could not be sent, and what changed while it was being sent.
update handovers h set leased_until = null, not_before = greatest(h.not_before, :not_before)
where h.case_no = any (:case_nos::text[])

-- name: next_due
select min(greatest(not_before, coalesce(leased_until, not_before))) from handovers

-- name: waiting
select count(*) as waiting, min(not_before) as oldest from handovers where not_before <= :now

-- name: take_writer_role
select set_config('role', 'onething_writer', true)

-- name: mend
-- Cases that should be moving and may not be: an open command, or a wake moment passed, for over a minute. Spaced 1, 5,
-- 25, 60, 60 … minutes while the case does not move and none of its moments passes.
with stuck as (
    select case_no from commands where status = 'open' and created_at < :minute_ago
    union
    select case_no from cases where next_wake_at < :minute_ago
), found as (
    select s.case_no, c.head_seq, m.times, m.last_at, m.next_at,
           m.seq <> c.head_seq as moved, c.next_wake_at > m.last_at and c.next_wake_at < :minute_ago as overslept
    from stuck s
    join cases c using (case_no)
    left join mendings m using (case_no)
    left join handovers h using (case_no)
    where h.case_no is null
), chosen as (
    select case_no, head_seq, case when moved or overslept then 0 else coalesce(times, 0) end as times
    from found
    where last_at is null or next_at <= :now or overslept or (moved and last_at <= :minute_ago)
    order by last_at nulls first, case_no
    limit :limit
), noted as (
    insert into mendings (case_no, seq, times, last_at, next_at)
    select case_no, head_seq, times + 1, :now, :now::timestamptz + least(power(5, times), 60) * interval '1 minute'
    from chosen
    on conflict (case_no) do update set
        seq = excluded.seq, times = excluded.times, last_at = excluded.last_at, next_at = excluded.next_at
), handed as (
    insert into handovers (case_no, seq, not_before, told_seq) select case_no, head_seq, :now, head_seq from chosen
    on conflict (case_no) do nothing
)
select count(*) as mended, set_config('role', 'none', true) from chosen
