-- name: put_calendar
insert into calendars (digest, code, version, body) values (:digest, :code, :version, :body)
on conflict (digest) do nothing
returning version

-- name: calendar
select body from calendars where digest = :digest

-- name: versions
select version, digest from calendars where code = :code order by version, digest

-- name: under_way_by_region
select region, count(*) as cases from cases where ended_at is null group by region order by region

-- name: under_way
-- A page of a region's cases that have not ended, oldest first, each with whether it counts by one of those calendars.
-- Looked at one by one, so that a page costs the same however many of them do. A draft counts by none.
select c.created_at, c.case_no, coalesce(s.body::jsonb ->> 'calendar' = any (:digests::text[]), false) as counts_by_them
from cases c
left join case_state s using (case_no)
where c.region = :region and c.ended_at is null and (c.created_at, c.case_no) > (:after_at, :after_no)
order by c.created_at, c.case_no
limit :limit

-- name: ended_with_clocks
-- A page of cases that have ended and of which a clock still runs (a check, an answer to a rating), the soonest first.
-- Of those without a moment to wait for, of which there are more and more, none is looked at.
select c.next_wake_at, c.case_no, coalesce(s.body::jsonb ->> 'calendar' = any (:digests::text[]), false) as counts_by_them
from cases c
join case_state s using (case_no)
where c.next_wake_at is not null and c.ended_at is not null and (c.next_wake_at, c.case_no) > (:after_at, :after_no)
  and exists (
    select from jsonb_each(s.body::jsonb -> 'clocks') clock
    where coalesce(clock.value ->> 'state', 'running') in ('running', 'suspended', 'overdue')
  )
order by c.next_wake_at, c.case_no
limit :limit
