-- name: under_way
-- A page of the cases that have not ended and that the department has to do with. Of ended ones none is looked at.
select case_no from cases
where ended_at is null and status <> 'draft' and :department = any (departments) and case_no > :after
order by case_no limit :limit

-- name: ended_with_tasks
-- A page of the ended cases in which the department has something left to do.
select distinct t.case_no
from tasks t join cases c on c.case_no = t.case_no
where t.state = 'open' and t.department = :department and c.ended_at is not null and t.case_no > :after
order by t.case_no limit :limit
