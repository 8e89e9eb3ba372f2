-- What is begun and under way by each version of a bundle, of all regions: figures, for who runs the system.
create function use_of_bundles()
returns table (bundle text, drafts bigint, running bigint)
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
    select c.bundle, count(*) filter (where c.status = 'draft'), count(*) filter (where c.status <> 'draft')
    from public.cases c
    where c.ended_at is null and (select public.actor_role()) = 'admin'
    group by c.bundle
$$;
revoke all on function use_of_bundles from public;
grant execute on function use_of_bundles to onething_api;
