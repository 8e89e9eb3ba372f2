-- name: awaited
-- `read_at`: when somebody of those who have to answer first opened the case since; asked of the page's rows alone.
select case_no, clock, item, departments, since, due_at,
       (select min(o.at) from case_opened_by(case_no, since) o where o.department = any(departments)) as read_at
from reminders
where result is null and region = :region
  and (:department::text is null or :department = any(departments))
  and (due_at, case_no, clock) > (:after_at, :after_case, :after_clock)
order by due_at, case_no, clock limit :limit

-- name: cards
-- Open while the clock that it was given for runs, and it was not taken back. Only a card of an item has a department.
select r.case_no, r.clock, r.rung, r.item, r.card, r.at, r.taken_back_at, r.department, r.bundle,
       r.taken_back_at is null and not exists (
           select from clock_ledger l
           where l.case_no = r.case_no and l.clock = r.clock and l.seq >= r.seq
             and l.what in ('met', 'missed', 'cancelled')
       ) as open
from rungs r
where r.card is not null and r.region = :region and r.at >= :since and r.at < :until
  and (:card::text is null or r.card = :card)
  and (:department::text is null or r.department = :department)
  and (r.at, r.case_no, r.clock, r.rung) < (:before_at, :before_case, :before_clock, :before_rung)
order by r.at desc, r.case_no desc, r.clock desc, r.rung desc limit :limit
