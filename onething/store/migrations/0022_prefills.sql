-- What other systems told us and nobody has confirmed yet: it becomes a draft when somebody takes it up.

-- The blind index of the identity number that the caller has proved, in hex; set by who asks for prefills only.
create function actor_identity() returns text language sql stable parallel safe
    as $$ select coalesce(current_setting('onething.identity', true), '') $$;

-- Source and id of an event are one event for good, as CloudEvents has it. `body` is sealed, and gone once it is a draft.
create table prefills (
    id text primary key,
    source text not null,
    event_id text not null,
    event text not null,
    system text not null,
    bundle text not null,
    region text not null,
    confirm text[] not null,
    identity_index bytea,
    digest bytea not null,
    received_at timestamptz not null,
    expires_at timestamptz not null,
    body bytea,
    taken_at timestamptz,
    taken_role text,
    case_no text references cases,
    unique (source, event_id),
    check ((taken_at is null) = (body is not null)),
    check ((taken_at is null) = (case_no is null))
);
create index prefills_waiting on prefills (region, received_at desc, id desc) where taken_at is null;
create index prefills_of_person on prefills (identity_index, received_at desc, id desc) where taken_at is null;
create index prefills_age on prefills (expires_at);
alter table prefills enable row level security;
grant select, insert, update (body, taken_at, taken_role, case_no) on prefills to onething_api;
grant select (expires_at), delete on prefills to onething_worker;
create policy sent on prefills for insert to onething_api with check (
    (select actor_role()) = 'event_source' and system = (select actor_subject()) and taken_at is null
);
create policy known on prefills for select to onething_api using (
    case (select actor_role())
        when 'event_source' then system = (select actor_subject())
        when 'counter' then region = (select actor_region()) and 'counter' = any (confirm)
        when 'citizen' then encode(identity_index, 'hex') = (select actor_identity()) and 'applicant' = any (confirm)
        else false
    end
);
create policy taken on prefills for update to onething_api using (
    case (select actor_role())
        when 'counter' then region = (select actor_region()) and 'counter' = any (confirm)
        when 'citizen' then encode(identity_index, 'hex') = (select actor_identity()) and 'applicant' = any (confirm)
        else false
    end
);
create policy forgotten on prefills to onething_worker using (true);
