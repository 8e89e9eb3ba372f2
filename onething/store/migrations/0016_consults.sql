-- Departments are asked for opinions: a task of their own, and for as long as it is open the eyes of the one that asked.

alter table tasks drop constraint tasks_kind_check;
alter table tasks add constraint tasks_kind_check check (kind in ('decide', 'undo', 'consult'));

-- Whose papers of the case the caller's department may read beside its own: the departments that asked it, of the items
-- that they asked about, until it has answered or nobody waits for it.
create function asked_by(of_case text) returns text[]
language sql stable security definer set search_path = public as $$
    select coalesce(array_agg(d.department), '{}')
    from tasks c join tasks d on d.case_no = c.case_no and d.item = c.item and d.kind = 'decide'
    where c.case_no = of_case and c.kind = 'consult' and c.state = 'open'
      and c.department = actor_department() and c.region = actor_region()
$$;
revoke all on function asked_by from public;
grant execute on function asked_by to onething_api;

-- What departments say to each other is not for the applicant's side, nor for supervisors.
alter policy party_reads on sealed_values using (
    case
        when (select actor_role()) = 'supervisor' then name like 'supervision:%'
        else (select actor_sees_personal_data())
            and (
                case
                    when (select actor_department()) = '' then name !~ '^(supervision|question|consult|conclusion):'
                    else departments is null or (select actor_department()) = any (departments)
                        or departments && asked_by(case_no)
                end
            )
    end
    and exists (select from cases c where c.case_no = sealed_values.case_no)
);

-- As in 0012. To be asked about an item does not make its cards one's own.
alter policy supervised on rungs using (
    case (select actor_role())
        when 'supervisor' then region = (select actor_region())
        when 'leader' then
            region = (select actor_region())
            and exists (
                select from tasks t where t.case_no = rungs.case_no and t.item = rungs.item and t.kind = 'decide' offset 0
            )
        else false
    end
);
