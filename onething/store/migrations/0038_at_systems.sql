-- A department's people, and supervisors, see what the department's own system has: orders under way by whose they are.
-- `region` repeats the case's, as that of tasks does. Other commands have neither.
alter table commands add column department text, add column region text;
create index commands_at_systems on commands (department, region, patience_at, case_no, id)
    where status = 'open' and department is not null;
grant select (created_at, patience_at, department, region) on commands to onething_api;
create policy at_systems on commands for select to onething_api using (
    case
        when department is null then false
        when (select actor_role()) in ('officer', 'leader') then
            department = (select actor_department()) and region = (select actor_region())
        when (select actor_role()) = 'supervisor' then region = (select actor_region())
        else false
    end
);

update commands m
set region = c.region,
    department = coalesce(s.body::jsonb -> 'holders' ->> m.target, (
        select i ->> 'department' from jsonb_array_elements(p.body::jsonb -> 'items') i where i ->> 'code' = m.target
    ))
from cases c, case_state s, plans p
where m.kind = 'dispatch_item' and m.status = 'open' and c.case_no = m.case_no and s.case_no = m.case_no
  and p.digest = s.body::jsonb ->> 'plan';

-- `door_record` as it was, and it keeps whose the orders are.
do $$
declare
    before constant text := pg_get_functiondef('door_record(jsonb)'::regprocedure);
    since constant text := replace(replace(before,
        'created_at, outcome_seq)
        select the_case, b.*
', 'created_at, outcome_seq,
                              department, region)
        select the_case, b.*, case when b.department is not null then visit ->> ''region'' end
'),
        'outcome_seq int);', 'outcome_seq int, department text);');
begin
    if since not like '%department, region)%' or since not like '%outcome_seq int, department text);%' then
        raise exception 'door_record is not as it was';
    end if;
    execute since;
end $$;
