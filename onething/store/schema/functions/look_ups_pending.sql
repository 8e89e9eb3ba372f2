-- Look-ups that wait, of one region, by bundle and need; of the oldest open commands only, so that its cost is bounded.
create function look_ups_pending(in_region text, at_most integer)
returns table (bundle text, data text, pending bigint, oldest timestamptz, cut boolean)
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
    with open as materialized (
        select case_no, kind, target, created_at from public.commands
        where status = 'open' order by created_at limit at_most
    )
    select c.bundle, o.target, count(*), min(o.created_at), (select count(*) from open) >= at_most
    from open o join public.cases c on c.case_no = o.case_no
    where o.kind = 'fetch_record' and c.region = in_region and (select public.actor_role()) in ('supervisor', 'leader')
    group by 1, 2
$$;
revoke all on function look_ups_pending from public;
grant execute on function look_ups_pending to onething_api;
