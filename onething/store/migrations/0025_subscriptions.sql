-- Who is told what happens to cases, and how far each has been told.

-- An order in which the journal can be read as it grows: lines by the transaction that wrote them. A transaction may
-- commit after one that began later, so what is at or past the oldest that is still open is not read yet; the epoch
-- comes first, since a restored database may count transactions from the start. Lines from before have none and are not
-- told. BRIN: the journal only grows at its end, so finding its newest part costs who records next to nothing.
alter table journal add column landed bigint;
alter table journal alter column landed
    set default (present_epoch()::bigint << 48) + pg_current_xact_id()::text::bigint;
create index journal_landed on journal using brin (landed, at) with (pages_per_range = 16, autosummarize = on);

create function landed_for_good() returns bigint language sql volatile
    as $$ select (present_epoch()::bigint << 48) + pg_snapshot_xmin(pg_current_snapshot())::text::bigint $$;

-- `secrets` are sealed. (landed, case_no, seq) is the last line that was told; `rewind_to`: it is to be told anew from
-- this moment on. `attempts` and `next_at` are of the line after it; `failing_since`: nothing got through since then.
create table subscriptions (
    id text primary key,
    url text not null,
    types text[] not null,
    bundle text,
    region text,
    secrets bytea not null,
    created_at timestamptz not null,
    created_by text not null,
    disabled_at timestamptz,
    disabled_why text,
    landed bigint not null default landed_for_good(),
    case_no text not null default '',
    seq integer not null default 0,
    rewind_to timestamptz,
    attempts integer not null default 0,
    next_at timestamptz,
    failing_since timestamptz,
    last_failure text,
    delivered bigint not null default 0,
    delivered_at timestamptz
) with (fillfactor = 50);
alter table subscriptions enable row level security;
grant select, insert, delete, update (secrets, disabled_at, disabled_why, rewind_to, attempts, next_at, failing_since)
    on subscriptions to onething_api;
grant select, update on subscriptions to onething_worker;
create policy admin on subscriptions to onething_api using ((select actor_role()) = 'admin');
create policy worker on subscriptions to onething_worker using (true);

create table dead_letters (
    subscription text not null references subscriptions on delete cascade,
    case_no text not null,
    seq integer not null,
    type text not null,
    at timestamptz not null,
    attempts integer not null,
    failure text not null,
    given_up_at timestamptz not null,
    primary key (subscription, case_no, seq)
);
alter table dead_letters enable row level security;
grant select on dead_letters to onething_api;
grant select, insert, update, delete on dead_letters to onething_worker;
create policy admin on dead_letters for select to onething_api using ((select actor_role()) = 'admin');
create policy worker on dead_letters to onething_worker using (true);
