-- name: get
select body from sealed_values where case_no = :case_no and name = :name

-- name: get_many
select name, body from sealed_values where case_no = :case_no and name = any (:names)

-- name: names
select name from sealed_values where case_no = :case_no order by name
