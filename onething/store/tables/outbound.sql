-- name: offer
with given_up as (
    delete from outbound where (case_no, command) in (
        select case_no, command from outbound where patience_at <= :now limit 20 for update skip locked
    )
)
insert into outbound (case_no, command, department, region, patience_at, free_at)
select m.case_no, m.id, :department, c.region, coalesce(m.patience_at, 'infinity'), :now
from commands m join cases c using (case_no)
where m.case_no = :case_no and m.id = :command and m.status = 'open'
on conflict do nothing

-- name: lease
with free as materialized ( -- within a join it could be asked again and again, and give more than its limit
    select case_no, command from outbound
    where department = :department and region = :region and free_at <= :now and patience_at > :now
    order by free_at limit :many for update skip locked
)
update outbound o set free_at = :until from free
where o.case_no = free.case_no and o.command = free.command
returning o.case_no, o.command

-- name: wanted
select m.case_no, m.id, m.epoch as made_in, m.kind, m.target, s.body as state,
       array(select v.name from sealed_values v where v.case_no = m.case_no and v.kind = any (:value_kinds::text[]) order by v.name)
           as value_names,
       array(select v.body from sealed_values v where v.case_no = m.case_no and v.kind = any (:value_kinds::text[]) order by v.name)
           as value_bodies
from unnest(:case_nos::text[], :ids::text[]) leased (case_no, id)
join commands m on m.case_no = leased.case_no and m.id = leased.id and m.status = 'open'
join case_state s on s.case_no = m.case_no
order by m.case_no, m.id

-- name: drop
delete from outbound o using unnest(:case_nos::text[], :ids::text[]) over_ (case_no, id)
where o.case_no = over_.case_no and o.command = over_.id
