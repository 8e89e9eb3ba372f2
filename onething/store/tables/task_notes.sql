-- name: of_item
select place, version, body, by_subject, at from task_notes
where case_no = :case_no and item = :item and department = :department
order by place

-- name: begin
insert into task_notes (case_no, item, department, place, region, version, body, by_subject, at)
values (:case_no, :item, :department, :place, :region, 1, :body, :by_subject, :at)
on conflict do nothing returning version

-- name: change
update task_notes set version = version + 1, body = :body, by_subject = :by_subject, at = :at
where case_no = :case_no and item = :item and department = :department and place = :place and version = :version
returning version
