-- name: ask
-- No row where one is open already: what was answered is asked anew.
insert into prechecks (case_no, region, outlet, bundle, asked_by, asked_at, promised_at)
values (:case_no, :region, :outlet, :bundle, :asked_by, :asked_at, :promised_at)
on conflict (case_no) do update set
    outlet = excluded.outlet, asked_by = excluded.asked_by, asked_at = excluded.asked_at,
    promised_at = excluded.promised_at, answered_at = null, answered_by = null, visit_on = null, visit_outlet = null,
    seen_until = 'infinity', code_hash = null, body = null
where prechecks.answered_at is not null
returning case_no

-- name: get
select case_no, region, outlet, bundle, asked_at, promised_at, answered_at, visit_on, visit_outlet, body
from prechecks where case_no = :case_no

-- name: lock
select case_no, region, outlet, bundle, asked_at, promised_at, answered_at, visit_on, visit_outlet, body
from prechecks where case_no = :case_no for update

-- name: open
-- Those that wait, the longest first.
select case_no, region, outlet, bundle, asked_at, promised_at, answered_at, visit_on, visit_outlet, null as body
from prechecks
where region = :region and answered_at is null and ended_at is null and (asked_at, case_no) > (:after_at, :after_no)
order by asked_at, case_no limit :limit

-- name: count_open
select count(*) from (
    select from prechecks where region = :region and answered_at is null and ended_at is null limit 1001) n

-- name: answered_of
-- Those of drafts in one person's name, the newest first.
select p.case_no, p.region, p.bundle, p.answered_at, p.visit_on, p.visit_outlet
from cases c join prechecks p using (case_no)
where c.identity_index = :identity_index and c.status = 'draft' and p.answered_at is not null
order by p.answered_at desc limit :limit

-- name: answer
update prechecks set
    answered_at = :at, answered_by = :by, visit_on = :visit_on, visit_outlet = :visit_outlet,
    seen_until = :seen_until, code_hash = :code_hash, body = :body
where case_no = :case_no and answered_at is null
returning case_no

-- name: take_back
delete from prechecks where case_no = :case_no returning case_no

-- name: hand_over
select hand_over_draft(:case_no, :code_hash, :outlet)
