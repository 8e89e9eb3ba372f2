-- How far the time of a rate-limited data source is shared out among workers. One row a source, and nothing lost with it.
create unlogged table source_rates (
    source text primary key,
    taken_until timestamptz not null
) with (fillfactor = 50);
alter table source_rates enable row level security;
grant select, insert, update on source_rates to onething_worker;
create policy worker on source_rates to onething_worker using (true) with check (true);
