-- name: add
insert into access_log (at, subject, role, department, region, outlet, act, case_no, whose, found, reason, outcome, address,
                        request_id, detail)
values (:at, :subject, :role, :department, :region, :outlet, :act, :case_no, :whose, :found, :reason, :outcome, :address,
        :request_id, :detail)

-- name: add_sum
insert into access_log (at, subject, role, act, case_no, outcome, address, times, detail)
values (:at, :subject, :role, :act, :case_no, :outcome, :address, :times, :detail)

-- name: plan_anew
select set_config('plan_cache_mode', 'force_custom_plan', true)

-- name: page
select id, at, subject, role, department, region, outlet, act, case_no, whose, found, reason, outcome, address, request_id,
       times, detail
from access_log
where (at, id) < (:before_at, :before_id) and at >= :since
  and (:subject::text is null or subject = :subject) and (:act::text is null or act = :act)
  and (:case_no::text is null or case_no = :case_no) and (:whose::bytea is null or whose = :whose)
  and (:outcome::text is null or outcome = :outcome)
order by at desc, id desc limit :limit

-- name: about_actor
select id, at, own, subject, role, department, region, outlet, act, case_no, reason, outcome, times
from access_to_me(:before_at, :before_id, :own_too, :limit)

-- name: opened_since
select s.nth, o.department, o.at
from cases c
cross join unnest(:since::timestamptz[]) with ordinality as s (since, nth)
cross join lateral case_opened_by(c.case_no, s.since) o
where c.case_no = :case_no
order by s.nth, o.at, o.department
