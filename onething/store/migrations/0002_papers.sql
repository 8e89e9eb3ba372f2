-- What lies beside the record. Personal data is sealed before it comes here; who may see it is decided here as well.

create function actor_sees_personal_data() returns boolean language sql stable parallel safe as $$
    select actor_role() in ('citizen', 'agent', 'counter', 'officer', 'leader', 'department_system')
$$;

-- Values by name: form, applicant, record:<data>, opinion:<item>:<round>, outputs:<item>, notice:<seq> …
-- `departments` null: for every department of the case. The `exists` runs under the caller's own policies on cases.
create table sealed_values (
    case_no text not null references cases,
    name text not null,
    departments text[],
    body bytea not null,
    at timestamptz not null,
    primary key (case_no, name)
);
alter table sealed_values enable row level security;
grant select, insert, update on sealed_values to onething_api, onething_worker;
grant select, insert, update on sealed_values to onething_door;
create policy door on sealed_values to onething_door using (true) with check (true);
create policy worker on sealed_values to onething_worker using (true) with check (true);
create policy party_reads on sealed_values for select to onething_api using (
    (select actor_sees_personal_data())
    and ((select actor_department()) = '' or departments is null or (select actor_department()) = any (departments))
    and exists (select from cases c where c.case_no = sealed_values.case_no)
);
-- A department writes only what is its own.
create policy party_adds on sealed_values for insert to onething_api with check (
    (select actor_sees_personal_data())
    and ((select actor_department()) = '' or (select actor_department()) = any (departments))
    and exists (select from cases c where c.case_no = sealed_values.case_no)
);
create policy party_changes on sealed_values for update to onething_api using (
    (select actor_sees_personal_data())
    and ((select actor_department()) = '' or (select actor_department()) = any (departments))
    and exists (select from cases c where c.case_no = sealed_values.case_no)
);

-- A draft's answers and form, sealed as one JSON value; `version` is what If-Match compares.
create table drafts (
    case_no text primary key references cases,
    version integer not null,
    body bytea not null,
    at timestamptz not null
);
alter table drafts enable row level security;
grant select, insert, update, delete on drafts to onething_api;
create policy owner on drafts to onething_api using (
    (select actor_role()) in ('citizen', 'agent', 'counter')
    and exists (select from cases c where c.case_no = drafts.case_no
                and (c.created_by = (select actor_subject()) or c.agent = (select actor_subject())))
);

-- Uploaded files, sealed, every version kept. No body: a paper that the counter has received.
create table material_files (
    case_no text not null references cases,
    code text not null,
    version integer not null,
    digest text,
    media_type text,
    size bigint,
    body bytea,
    uploaded_by text not null,
    at timestamptz not null,
    primary key (case_no, code, version),
    check ((body is null) = (digest is null) and (body is null) = (size is null))
);
alter table material_files alter column body set storage external;
alter table material_files enable row level security;
grant select, insert on material_files to onething_api;
grant select on material_files to onething_worker;
create policy worker on material_files for select to onething_worker using (true);
create policy party_reads on material_files for select to onething_api using (
    (select actor_sees_personal_data()) and exists (select from cases c where c.case_no = material_files.case_no)
);
create policy applicant_adds on material_files for insert to onething_api with check (
    (select actor_role()) in ('citizen', 'agent', 'counter')
    and exists (select from cases c where c.case_no = material_files.case_no)
);

create table certificates (
    number text primary key,
    case_no text not null references cases,
    item text not null,
    output text not null,
    name text not null,
    department text not null,
    issued_at timestamptz not null,
    valid_until timestamptz,
    content_digest text not null,
    signature bytea not null,
    body bytea not null,
    revoked_at timestamptz,
    unique (case_no, item, output)
);
alter table certificates enable row level security;
grant select on certificates to onething_api;
grant select, insert on certificates to onething_worker;
create policy worker on certificates to onething_worker using (true) with check (true);
create policy party on certificates for select to onething_api using (
    (select actor_sees_personal_data()) and exists (select from cases c where c.case_no = certificates.case_no)
);
-- Somebody who verifies a certificate sees that one: the subject is its number.
create policy by_number on certificates for select to onething_api using (
    (select actor_role()) = 'public' and number = (select actor_subject())
);

-- Notices that were sent, by the command that sent them.
create table notices (
    case_no text not null references cases,
    command_id text not null,
    template text not null,
    audience text not null,
    at timestamptz not null,
    primary key (case_no, command_id, audience)
);
alter table notices enable row level security;
grant select on notices to onething_api;
grant select, insert on notices to onething_worker;
create policy worker on notices to onething_worker using (true) with check (true);
create policy of_visible_case on notices for select to onething_api using (
    exists (select from cases c where c.case_no = notices.case_no)
);

-- First answers to requests, sealed, kept 30 days. Status and response come before commit, or the row does not stay.
create table idempotency (
    caller text not null,
    route text not null,
    key text not null,
    request_digest bytea not null,
    status integer,
    response bytea,
    created_at timestamptz not null,
    primary key (caller, route, key)
);
create index idempotency_age on idempotency (created_at);
alter table idempotency enable row level security;
grant select, insert, update on idempotency to onething_api;
grant select (created_at), delete on idempotency to onething_worker;
create policy own on idempotency to onething_api using (caller = (select actor_subject()));
create policy worker on idempotency to onething_worker using (true);

-- Views, refusals and sign-ins. No personal data: subjects, codes and numbers.
create table access_log (
    id bigint generated always as identity primary key,
    at timestamptz not null,
    subject text not null,
    role text not null,
    act text not null,
    case_no text,
    detail text
);
create index access_log_case on access_log (case_no, id) where case_no is not null;
create trigger append_only before update or delete on access_log for each row execute function refuse_change();
create trigger never_emptied before truncate on access_log execute function refuse_change();
alter table access_log enable row level security;
grant insert on access_log to onething_api, onething_worker;
grant select on access_log to onething_api;
create policy api_adds on access_log for insert to onething_api with check (true);
create policy worker_adds on access_log for insert to onething_worker with check (true);
create policy admin_reads on access_log for select to onething_api using ((select actor_role()) = 'admin');
