-- name: get
select m.id, m.status, m.kind, m.target, m.epoch as made_in, c.head_seq, c.region, i.epoch, s.body as state,
       array(select v.name from sealed_values v where v.case_no = m.case_no and v.kind = any (:value_kinds::text[]) order by v.name)
           as value_names,
       array(select v.body from sealed_values v where v.case_no = m.case_no and v.kind = any (:value_kinds::text[]) order by v.name)
           as value_bodies
from commands m
join cases c using (case_no)
join case_state s using (case_no)
cross join installation i
where m.case_no = :case_no and m.id = any (:ids::text[])

-- name: made_in
select epoch from commands where case_no = :case_no and id = :id

-- name: called_back
select m.status, m.target, i.epoch, s.body as state
from commands m join case_state s using (case_no) cross join installation i
where m.case_no = :case_no and m.id = :id and m.epoch = :made_in and m.kind = :kind
