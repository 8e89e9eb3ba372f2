-- The record of a case: what the door writes, and the queues and heads that people read.
--
-- Roles: onething_api and onething_worker are what processes log in as; onething_door is taken by door_enter()
-- for the rest of a transaction and is the only one that may write the record. Who acts stands in transaction-local
-- settings (onething.subject, .role, .department, .region), read by the policies through the functions below.

revoke all on schema public from public;
-- also where the database's owner is another, as in a copy: checks of foreign keys run as the tables' owner
grant all on schema public to current_user;
grant usage on schema public to onething_api, onething_worker, onething_door;
grant select on alembic_version to onething_api, onething_worker;

create function actor_subject() returns text language sql stable parallel safe
    as $$ select coalesce(current_setting('onething.subject', true), '') $$;
create function actor_role() returns text language sql stable parallel safe
    as $$ select coalesce(current_setting('onething.role', true), '') $$;
create function actor_department() returns text language sql stable parallel safe
    as $$ select coalesce(current_setting('onething.department', true), '') $$;
create function actor_region() returns text language sql stable parallel safe
    as $$ select coalesce(current_setting('onething.region', true), '') $$;

-- One row. `epoch` rises with every restore of the database, so that idempotency keys are never used for two things.
create table installation (
    only_row boolean primary key default true check (only_row),
    epoch integer not null check (epoch > 0)
);
insert into installation (epoch) values (1);
grant select on installation to onething_api, onething_worker, onething_door;

-- Immutable and of no case: no row-level security.
create table plans (
    digest text primary key,
    body text not null
);
grant select, insert on plans to onething_api, onething_worker, onething_door;

create table calendars (
    digest text primary key,
    code text not null,
    version integer not null,
    body text not null
);
grant select, insert on calendars to onething_api, onething_worker;
grant select on calendars to onething_door;

create sequence case_serials;
grant usage on sequence case_serials to onething_api;

-- The head of a case: one row, locked by whoever records. Children that only the door writes have no foreign key: it holds
-- this row's lock while it writes them, so a check per row would only cost.
create table cases (
    case_no text primary key,
    region text not null,
    bundle text not null,
    channel text not null,
    status text not null,
    created_by text not null,
    agent text,
    created_at timestamptz not null,
    departments text[] not null,
    query_hash bytea not null,
    identity_index bytea not null,
    submitted_at timestamptz,
    accepted_at timestamptz,
    due_at timestamptz,
    ended_at timestamptz,
    next_wake_at timestamptz,
    told_wake_at timestamptz,
    head_seq integer not null default 0,
    head_hash bytea not null default ''::bytea,
    last_at timestamptz
) with (fillfactor = 60);
create index cases_created_by on cases (created_by, created_at desc, case_no desc);
create index cases_agent on cases (agent, created_at desc, case_no desc) where agent is not null;
create index cases_region on cases (region, created_at desc, case_no desc);
create index cases_identity on cases (identity_index, created_at desc, case_no desc);
create index cases_wake on cases (next_wake_at) where next_wake_at is not null;

alter table cases enable row level security;
grant select on cases to onething_api, onething_worker;
grant insert, update (bundle, channel, agent, identity_index, departments) on cases to onething_api;
grant select, update on cases to onething_door;
create policy door on cases to onething_door using (true) with check (true);
create policy worker on cases for select to onething_worker using (true);
-- One CASE and not several policies: the planner takes it for half of the rows, where it would multiply the guesses for
-- an OR of comparisons down to no row at all, and sort whole queues instead of walking their index.
-- Somebody who shows a query code is known by nothing else: the subject is the code's hash in hex.
create policy visible on cases for select to onething_api using (
    case
        when (select actor_role()) in ('citizen', 'agent') then
            created_by = (select actor_subject()) or agent = (select actor_subject())
        when (select actor_role()) in ('counter', 'supervisor') then region = (select actor_region())
        when (select actor_role()) in ('officer', 'leader', 'department_system') then
            region = (select actor_region()) and status <> 'draft' and (select actor_department()) = any (departments)
        when (select actor_role()) = 'public' then encode(query_hash, 'hex') = (select actor_subject())
        else false
    end
);
create policy draft_begun on cases for insert to onething_api with check (
    status = 'draft' and head_seq = 0 and created_by = (select actor_subject())
    and (select actor_role()) in ('citizen', 'agent', 'counter')
);
create policy draft_changed on cases for update to onething_api using (
    status = 'draft' and (created_by = (select actor_subject()) or agent = (select actor_subject()))
) with check (status = 'draft');

-- What the rules know of a case. A table of its own: rewritten at every event, read by nobody's list.
create table case_state (
    case_no text primary key,
    schema integer not null,
    body text not null
) with (fillfactor = 50);
alter table case_state enable row level security;
grant select on case_state to onething_api, onething_worker;
grant select, insert, update on case_state to onething_door;
create policy door on case_state to onething_door using (true) with check (true);
create policy worker on case_state for select to onething_worker using (true);
create policy of_visible_case on case_state for select to onething_api using (
    exists (select from cases c where c.case_no = case_state.case_no)
);

-- Append-only, gapless, hash-chained per case.
create table journal (
    case_no text not null,
    seq integer not null check (seq > 0),
    at timestamptz not null,
    kind text not null,
    event jsonb not null,
    actor jsonb,
    prev_hash bytea not null,
    hash bytea not null,
    primary key (case_no, seq)
);
create function refuse_change() returns trigger language plpgsql as $$
begin
    raise exception '% is append-only', tg_table_name using errcode = 'insufficient_privilege';
end $$;
create trigger append_only before update or delete on journal for each row execute function refuse_change();
create trigger never_emptied before truncate on journal execute function refuse_change();
alter table journal enable row level security;
grant select on journal to onething_api, onething_worker;
grant select, insert on journal to onething_door;
create policy door on journal to onething_door using (true) with check (true);
create policy worker on journal for select to onething_worker using (true);
create policy of_visible_case on journal for select to onething_api using (
    exists (select from cases c where c.case_no = journal.case_no)
);

create table commands (
    case_no text not null,
    id text not null,
    kind text not null,
    target text not null,
    status text not null check (status in ('open', 'done', 'void')),
    patience_at timestamptz,
    created_seq integer not null,
    created_at timestamptz not null,
    outcome_seq integer,
    primary key (case_no, id)
) with (fillfactor = 80);
create index commands_open on commands (created_at) where status = 'open';
alter table commands enable row level security;
grant select on commands to onething_worker;
grant select, insert, update on commands to onething_door;
create policy door on commands to onething_door using (true) with check (true);
create policy worker on commands for select to onething_worker using (true);

-- A department's queue. `region` and `bundle` repeat the case's, so that a queue page reads this table alone; `queue_at` is
-- a column since under row-level security an expression such as coalesce() could not be compared within an index.
create table tasks (
    task_id text primary key,
    case_no text not null,
    kind text not null check (kind in ('decide', 'undo')),
    item text not null,
    name text not null,
    department text not null,
    region text not null,
    bundle text not null,
    round integer not null,
    state text not null check (state in ('open', 'done', 'lapsed')),
    due_at timestamptz,
    queue_at timestamptz not null generated always as (coalesce(due_at, '9999-12-31 00:00:00+00')) stored,
    opened_at timestamptz not null,
    closed_at timestamptz,
    claimed_by text,
    claimed_at timestamptz,
    closed_by text,
    result text
) with (fillfactor = 80);
create index tasks_queue on tasks (department, region, queue_at, task_id) where state = 'open';
create index tasks_closed on tasks (department, region, closed_at desc, task_id desc) where state <> 'open';
create index tasks_of_case on tasks (case_no);
alter table tasks enable row level security;
grant select on tasks to onething_api, onething_worker;
grant select, insert, update on tasks to onething_door;
create policy door on tasks to onething_door using (true) with check (true);
create policy worker on tasks for select to onething_worker using (true);
create policy visible on tasks for select to onething_api using (
    case
        when (select actor_role()) in ('officer', 'leader', 'department_system') then
            department = (select actor_department()) and region = (select actor_region())
        when (select actor_role()) in ('supervisor', 'counter') then region = (select actor_region())
        else false
    end
);

create table clock_ledger (
    case_no text not null,
    seq integer not null,
    clock text not null,
    what text not null,
    at timestamptz not null,
    due_at timestamptz not null,
    primary key (case_no, seq, clock, what)
);
alter table clock_ledger enable row level security;
grant select on clock_ledger to onething_api, onething_worker;
grant select, insert on clock_ledger to onething_door;
create policy door on clock_ledger to onething_door using (true) with check (true);
create policy worker on clock_ledger for select to onething_worker using (true);
create policy of_visible_case on clock_ledger for select to onething_api using (
    exists (select from cases c where c.case_no = clock_ledger.case_no)
);

-- The outbox: cases whose workflow has something new to learn. The relay leases, sends and deletes.
create table handovers (
    case_no text primary key,
    seq integer not null,
    not_before timestamptz not null,
    leased_until timestamptz,
    attempts integer not null default 0
) with (fillfactor = 50);
create index handovers_due on handovers (not_before);
alter table handovers enable row level security;
grant select, update, delete on handovers to onething_worker;
grant select, insert, update on handovers to onething_door;
create policy door on handovers to onething_door using (true) with check (true);
create policy worker on handovers to onething_worker using (true) with check (true);

-- When the mender last handed a case over again, and how often since the case last moved.
create table mendings (
    case_no text primary key,
    seq integer not null,
    times integer not null,
    last_at timestamptz not null,
    next_at timestamptz not null
);
alter table mendings enable row level security;
grant select, insert, update on mendings to onething_door;
create policy door on mendings to onething_door using (true) with check (true);

-- The door's threshold: is the case (and task) visible to the caller? Then take the door's role, lock the case, and read
-- what recording needs. Each statement has a snapshot of its own, so what is read is as the last holder of the lock left it.
-- No row: not visible. A draft has no state yet.
create function door_enter(wanted_case text, wanted_task text, wanted_command text)
returns table (
    epoch integer, region text, bundle text, departments text[], status text, head_seq integer, head_hash bytea,
    last_at timestamptz, next_wake_at timestamptz, told_wake_at timestamptz, ended_at timestamptz,
    state text, handover_pending boolean, claimed_by text, command_status text, outcome_seq integer
)
language plpgsql as $$
#variable_conflict use_column
begin
    perform from cases c where c.case_no = wanted_case;
    if not found then
        return;
    end if;
    if wanted_task is not null then
        perform from tasks t where t.task_id = wanted_task;
        if not found then
            return;
        end if;
    end if;
    perform set_config('role', 'onething_door', true);
    -- planning the one statement that records takes longer than running it, and its plan never depends on its values
    perform set_config('plan_cache_mode', 'force_generic_plan', true);
    perform from cases c where c.case_no = wanted_case for no key update;
    return query
        select i.epoch, c.region, c.bundle, c.departments, c.status, c.head_seq, c.head_hash,
               c.last_at, c.next_wake_at, c.told_wake_at, c.ended_at,
               s.body, h.case_no is not null, t.claimed_by, m.status, m.outcome_seq
        from cases c
        cross join installation i
        left join case_state s on s.case_no = c.case_no
        left join handovers h on h.case_no = c.case_no
        left join tasks t on t.task_id = wanted_task
        left join commands m on m.case_no = c.case_no and m.id = wanted_command
        where c.case_no = wanted_case;
end $$;
