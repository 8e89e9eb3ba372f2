-- name: put
insert into sealed_values (case_no, name, departments, body, at)
values (:case_no, :name, :departments, :body, :at)
on conflict (case_no, name) do update set departments = excluded.departments, body = excluded.body, at = excluded.at

-- name: get
select body from sealed_values where case_no = :case_no and name = :name

-- name: get_many
select name, body from sealed_values where case_no = :case_no and name = any (:names)

-- name: names
select name from sealed_values where case_no = :case_no order by name
