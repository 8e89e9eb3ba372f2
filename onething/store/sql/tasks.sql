-- name: queue
select task_id, case_no, kind, item, name, department, region, bundle, round, state, due_at, opened_at, closed_at,
       claimed_by, claimed_at, closed_by, result
from tasks
where state = 'open' and department = :department and region = :region
  and (queue_at, task_id) > (:after_at, :after_id)
order by queue_at, task_id limit :limit

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

-- name: of_case
select task_id, case_no, kind, item, name, department, region, bundle, round, state, due_at, opened_at, closed_at,
       claimed_by, claimed_at, closed_by, result
from tasks where case_no = :case_no order by opened_at, task_id
