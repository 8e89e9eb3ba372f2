-- Where a source that was asked has said that its answer will be. Only workers read it, by the key they asked with;
-- `until`: when it is forgotten.
create table status_addresses (
    key text primary key,
    until timestamptz not null,
    body bytea not null
);
create index status_addresses_until on status_addresses (until);
alter table status_addresses enable row level security;
grant select, insert, update, delete on status_addresses to onething_worker;
create policy worker on status_addresses to onething_worker using (true) with check (true);
