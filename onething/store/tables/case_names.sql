-- name: keep
insert into case_names (name_index, region, case_no) values (:name_index, :region, :case_no)

-- name: forget
delete from case_names where case_no = :case_no

-- name: called
select case_no from case_names where name_index = :name_index and region = :region order by case_no desc limit :limit
