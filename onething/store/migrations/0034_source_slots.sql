-- Who among the workers may make how many calls at once to a data source. One row a source; nothing is lost with it but
-- that, for as long as a call lasts, there may be more of them.
create unlogged table source_slots (
    source text primary key,
    shares text not null default '{}'
) with (fillfactor = 50);
alter table source_slots enable row level security;
grant select, insert, update on source_slots to onething_worker;
create policy worker on source_slots to onething_worker using (true) with check (true);
