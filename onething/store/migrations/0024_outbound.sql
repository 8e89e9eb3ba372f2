-- What a department inside a closed network is to fetch: left here by a worker, leased by the department's own agent.
-- Rows go with their command, or with the patience that we had.

create table outbound (
    case_no text not null,
    command text not null,
    department text not null,
    region text not null,
    patience_at timestamptz not null,
    free_at timestamptz not null, -- nobody has leased it from then on
    primary key (case_no, command)
) with (fillfactor = 50);
create index outbound_free on outbound (department, region, free_at);
create index outbound_patience on outbound (patience_at);
alter table outbound enable row level security;
grant select, insert, delete, update (free_at) on outbound to onething_worker;
grant select, delete, update (free_at) on outbound to onething_api;
create policy worker on outbound to onething_worker using (true) with check (true);
create policy own on outbound to onething_api using (
    (select actor_role()) = 'department_system'
    and department = (select actor_department()) and region = (select actor_region())
);
