-- What became of values that disagreed, by source: numbers of one region, for its supervisors and leaders. `of_bundles`,
-- `of_keys` and `of_sources` say side by side which look-up (the task's `item`) asks which source. `source_right`: its
-- record was.
create function discrepancies_of(
    in_region text, since timestamptz, until timestamptz, of_bundles text[], of_keys text[], of_sources text[]
)
returns table (source text, found bigint, open bigint, resolved bigint, matched bigint, source_right bigint)
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
    select w.source, count(*), count(*) filter (where t.state = 'open'), count(*) filter (where t.result = 'resolved'),
           count(*) filter (where t.result = 'matched'),
           count(*) filter (where t.result = 'resolved' and t.right_data = t.item)
    from public.tasks t
    join unnest(of_bundles, of_keys, of_sources) as w (bundle, key, source) on w.bundle = t.bundle and w.key = t.item
    where t.kind = 'discrepancy' and t.region = in_region and t.opened_at >= since and t.opened_at < until
      and (select public.actor_role()) in ('supervisor', 'leader') and (select public.actor_region()) = in_region
    group by w.source
$$;
revoke all on function discrepancies_of from public;
grant execute on function discrepancies_of to onething_api;
