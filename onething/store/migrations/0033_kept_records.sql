-- The newest record of each look-up at a source whose definition lets it be used again. Only workers read them, found by
-- the keyed index of what was asked; `until`: when they are forgotten.
create table kept_records (
    source text not null,
    asked bytea not null check (octet_length(asked) = 16),
    came_at timestamptz not null,
    until timestamptz not null check (until > came_at),
    body bytea not null,
    primary key (source, asked)
);
create index kept_records_until on kept_records (until);
alter table kept_records enable row level security;
grant select, insert, update, delete on kept_records to onething_worker;
create policy worker on kept_records to onething_worker using (true) with check (true);
