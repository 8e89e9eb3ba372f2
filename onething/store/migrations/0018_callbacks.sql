-- Sources call back: whoever signed for one sees the case that it names, and which of its commands are look-ups.

alter policy visible on cases using (
    case
        when (select actor_role()) in ('citizen', 'agent') then
            created_by = (select actor_subject()) or agent = (select actor_subject())
        when (select actor_role()) in ('counter', 'supervisor') then
            region = (select actor_region()) and (status <> 'draft' or created_by = (select actor_subject()))
        when (select actor_role()) in ('officer', 'leader', 'department_system') then
            region = (select actor_region()) and status <> 'draft' and (select actor_department()) = any (departments)
        when (select actor_role()) = 'public' then encode(query_hash, 'hex') = (select actor_subject())
        when (select actor_role()) = 'source' then
            status <> 'draft' and case_no = split_part((select actor_subject()), '/', 3)
        else false
    end
);

grant select (case_no, id, kind, target, status, epoch) on commands to onething_api;
create policy called_back on commands for select to onething_api using (
    (select actor_role()) = 'source' and kind = 'fetch_record' and case_no = split_part((select actor_subject()), '/', 3)
);
