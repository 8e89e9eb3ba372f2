-- How data sources do, as workers tell it every few seconds: counts by the hour, kept for some days, and breakers that
-- are not closed. No cases and nobody's data.
create table source_figures (
    source text not null,
    hour timestamptz not null,
    seen text not null,
    bucket smallint not null,
    times bigint not null,
    primary key (source, hour, seen, bucket)
);
create index source_figures_hour on source_figures (hour);
alter table source_figures enable row level security;
grant select, insert, update, delete on source_figures to onething_worker;
grant select, insert, update on source_figures to onething_api;
create policy worker on source_figures to onething_worker using (true) with check (true);
create policy supervised on source_figures for select to onething_api
    using ((select actor_role()) in ('supervisor', 'leader'));
-- a source that calls back counts for itself
create policy called_back on source_figures to onething_api
    using ((select actor_role()) = 'source' and source = split_part((select actor_subject()), '/', 2))
    with check ((select actor_role()) = 'source' and source = split_part((select actor_subject()), '/', 2));

-- A worker that is gone tells nothing any more: what it told is passed over after a minute, and deleted.
create table source_breakers (
    source text not null,
    worker text not null,
    state text not null,
    since timestamptz not null,
    told_at timestamptz not null,
    primary key (source, worker)
) with (fillfactor = 50);
alter table source_breakers enable row level security;
grant select, insert, update, delete on source_breakers to onething_worker;
grant select on source_breakers to onething_api;
create policy worker on source_breakers to onething_worker using (true) with check (true);
create policy supervised on source_breakers for select to onething_api
    using ((select actor_role()) in ('supervisor', 'leader'));

-- Look-ups that wait, of one region, by bundle and need; of the oldest open commands only, so that its cost is bounded.
create function look_ups_pending(in_region text, at_most integer)
returns table (bundle text, data text, pending bigint, oldest timestamptz, cut boolean)
language sql stable security definer set search_path = public as $$
    with open as materialized (
        select case_no, kind, target, created_at from commands where status = 'open' order by created_at limit at_most
    )
    select c.bundle, o.target, count(*), min(o.created_at), (select count(*) from open) >= at_most
    from open o join cases c on c.case_no = o.case_no
    where o.kind = 'fetch_record' and c.region = in_region and (select actor_role()) in ('supervisor', 'leader')
    group by 1, 2
$$;
revoke all on function look_ups_pending from public;
grant execute on function look_ups_pending to onething_api;
