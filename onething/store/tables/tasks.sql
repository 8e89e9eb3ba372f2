-- name: queue
-- With what waits for an answer from its department: about the item, or about the case as a whole.
select t.task_id, t.case_no, t.kind, t.item, t.name, t.department, t.region, t.bundle, t.round, t.state, t.due_at,
       t.opened_at, t.closed_at, t.claimed_by, t.claimed_at, t.closed_by, t.result,
       coalesce(w.urged, false) as urged, w.supervised_due_at
from tasks t
left join lateral (
    select bool_or(r.kind = 'urge') as urged,
           min(r.due_at) filter (where r.kind = 'supervise') as supervised_due_at
    from reminders r
    where r.case_no = t.case_no and r.result is null and t.kind = 'decide' and (r.item is null or r.item = t.item)
) w on true
where t.state = 'open' and t.department = :department and t.region = :region
  and (t.queue_at, t.task_id) > (:after_at, :after_id)
order by t.queue_at, t.task_id limit :limit

-- name: closed
select task_id, case_no, kind, item, name, department, region, bundle, round, state, due_at, opened_at, closed_at,
       claimed_by, claimed_at, closed_by, result
from tasks
where state <> 'open' and department = :department and region = :region
  and (closed_at, task_id) < (:before_at, :before_id)
order by closed_at desc, task_id desc limit :limit

-- name: get
select t.task_id, t.case_no, t.kind, t.item, t.name, t.department, t.region, t.bundle, t.round, t.state, t.due_at,
       t.opened_at, t.closed_at, t.claimed_by, t.claimed_at, t.closed_by, t.result
from tasks t where t.task_id = :task_id

-- name: shown
select t.task_id, t.case_no, t.kind, t.item, t.name, t.department, t.region, t.bundle, t.round, t.state, t.due_at,
       t.opened_at, t.closed_at, t.claimed_by, t.claimed_at, t.closed_by, t.result,
       coalesce(w.urged, false) as urged, w.supervised_due_at
from tasks t
left join lateral (
    select bool_or(r.kind = 'urge') as urged,
           min(r.due_at) filter (where r.kind = 'supervise') as supervised_due_at
    from reminders r
    where r.case_no = t.case_no and r.result is null and t.state = 'open' and t.kind = 'decide' and (r.item is null or r.item = t.item)
) w on true
where t.task_id = :task_id

-- name: of_case
select task_id, case_no, kind, item, name, department, region, bundle, round, state, due_at, opened_at, closed_at,
       claimed_by, claimed_at, closed_by, result
from tasks where case_no = :case_no order by opened_at, task_id
