-- name: keep
insert into case_keys (case_no, key_index, region) values (:case_no, :key_index, :region)

-- name: forget
delete from case_keys where case_no = :case_no

-- name: possible_duplicates
-- `other` null: there is one, which is not the actor's to see.
select c.case_no, o.case_no as other
from cases c
cross join lateral possible_duplicates(c.case_no, :key_index, :ended_after) as d (case_no)
left join cases o on o.case_no = d.case_no
where c.case_no = any (:case_nos)
order by d.case_no desc
