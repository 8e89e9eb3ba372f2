-- name: page
with page as materialized (
    select case_no, id, target, department, created_at, patience_at from commands
    where status = 'open' and department = :department and region = :region
      and (patience_at, case_no, id) > (:after_at, :after_case, :after_id)
    order by patience_at, case_no, id limit :limit
)
select page.case_no, page.id as command, page.target as item, page.department, c.bundle, page.created_at as since,
       page.patience_at as until,
       (s.body::jsonb #>> array['clocks', 'item:' || page.target, 'due_at'])::timestamptz as due_at
from page join cases c using (case_no) join case_state s using (case_no)
order by page.patience_at, page.case_no, page.id
