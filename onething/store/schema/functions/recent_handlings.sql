-- For a forecast, which applicants read too: how long others waited, without telling whose cases they were. Pauses are
-- those of the promise, which stands still for everything that stops the law's time, and while corrections are awaited.
create function recent_handlings(in_region text, of_department text, of_bundle text, of_item text, at_most integer)
returns table (opened_at timestamptz, closed_at timestamptz, suspended timestamptz[], resumed timestamptz[])
language sql stable security definer set search_path = pg_catalog, public, pg_temp
-- few rows are guessed, where there may be all of years: gathered and sorted rather than read up to the limit
set enable_bitmapscan = off as $$
    select t.opened_at, t.closed_at, p.suspended, p.resumed
    from (
        select d.case_no, d.opened_at, d.closed_at from public.tasks d
        where d.kind = 'decide' and d.state = 'done' and d.department = of_department and d.region = in_region
          and d.item = of_item and d.bundle_code = of_bundle
        order by d.closed_at desc limit at_most
    ) t
    cross join lateral (
        select coalesce(array_agg(l.at order by l.seq) filter (where l.what = 'suspended'), '{}') as suspended,
               coalesce(array_agg(l.at order by l.seq) filter (where l.what = 'resumed'), '{}') as resumed
        from public.clock_ledger l
        where l.case_no = t.case_no and l.kind = 'item' and l.subject = of_item and l.at between t.opened_at and t.closed_at
    ) p
$$;
revoke all on function recent_handlings from public;
grant execute on function recent_handlings to onething_api;
