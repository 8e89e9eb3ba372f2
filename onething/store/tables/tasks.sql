-- name: plan_anew
-- One plan for all filters would walk a queue for what an index has at hand.
select set_config('plan_cache_mode', 'force_custom_plan', true)

-- name: queue
-- A page, with how many there are of the filter and in each view, of one moment. Without any task one row that has the
-- counts alone.
with page as (
    select t.task_id, t.case_no, t.kind, t.item, t.name, t.department, t.region, t.bundle, t.round, t.state, t.due_at,
           t.opened_at, t.closed_at, t.claimed_by, t.claimed_at, t.closed_by, t.result, t.flags, t.supervised_due_at,
           t.statutory_due_at,
           t.queue_at
    from tasks t
    where t.state = 'open' and t.department = :department and t.region = :region
      and t.queue_at >= :due_from and t.queue_at < :due_until
      and (:bundle::text is null or t.bundle_code = :bundle) and (:item::text is null or t.item = :item)
      and (:holder::text is null or t.claimed_by = :holder) and (not :unclaimed::boolean or t.claimed_by is null)
      and (:flags::text[] is null or (t.flags <> '{}' and t.flags @> :flags))
      and (:cases::text[] is null or t.case_no = any (:cases))
      and (t.queue_at, t.task_id) > (:after_at, :after_id)
    order by t.queue_at, t.task_id limit :limit
)
select c.*, p.*
from queue_counts(:department, :region, :subject, :moment, :tomorrow, true, :bundle, :item, :holder, :unclaimed, :flags,
                  :due_from, :due_until, :cases) c
left join page p on true
order by p.queue_at, p.task_id

-- name: closed
-- As `queue`, the last one first.
with page as (
    select t.task_id, t.case_no, t.kind, t.item, t.name, t.department, t.region, t.bundle, t.round, t.state, t.due_at,
           t.opened_at, t.closed_at, t.claimed_by, t.claimed_at, t.closed_by, t.result, t.flags, t.supervised_due_at,
           t.statutory_due_at
    from tasks t
    where t.state <> 'open' and t.department = :department and t.region = :region
      and (:bundle::text is null or t.bundle_code = :bundle) and (:item::text is null or t.item = :item)
      and (:holder::text is null or t.closed_by = :holder)
      and (:cases::text[] is null or t.case_no = any (:cases))
      and (t.closed_at, t.task_id) < (:before_at, :before_id)
    order by t.closed_at desc, t.task_id desc limit :limit
)
select c.*, p.*
from queue_counts(:department, :region, :subject, :moment, :tomorrow, false, :bundle, :item, :holder, false, null, null,
                  null, :cases) c
left join page p on true
order by p.closed_at desc, p.task_id desc

-- name: get
select t.task_id, t.case_no, t.kind, t.item, t.name, t.department, t.region, t.bundle, t.round, t.state, t.due_at,
       t.opened_at, t.closed_at, t.claimed_by, t.claimed_at, t.closed_by, t.result, t.flags, t.supervised_due_at,
       t.statutory_due_at
from tasks t where t.task_id = :task_id

-- name: of_case
select t.task_id, t.case_no, t.kind, t.item, t.name, t.department, t.region, t.bundle, t.round, t.state, t.due_at,
       t.opened_at, t.closed_at, t.claimed_by, t.claimed_at, t.closed_by, t.result, t.flags, t.supervised_due_at,
       t.statutory_due_at
from tasks t where t.case_no = :case_no order by t.opened_at, t.task_id

-- name: holders
-- Who has something to do in each of these cases, as far as the actor sees it: people by their tasks, and departments' own
-- systems by their orders.
select case_no, kind, item, department, flags, opened_at as since, due_at
from tasks where case_no = any (:case_nos) and state = 'open'
union all
select case_no, 'at_system', target, department, '{}', created_at, null
from commands where case_no = any (:case_nos) and status = 'open' and department is not null
order by since, item, kind
