-- Whoever may record what is done with a case at a counter or on site notes that somebody was there; one is enough of a case,
-- a place and a day. In the sums of the day, too. As owner: nobody else writes either.
create function note_visit(the_case text, the_outlet text, the_place text, the_day date, the_moment timestamptz,
                           the_hash bytea, until timestamptz) returns void
language sql security definer set search_path = pg_catalog, public, pg_temp as $$
    with noted as (
        insert into public.visits (case_no, region, outlet, place, department, day, at, by, code_hash, expires_at)
        select c.case_no, c.region, the_outlet, the_place, nullif(public.actor_department(), ''), the_day, the_moment,
               public.actor_subject(), the_hash, until
        from public.cases c
        where c.case_no = the_case and public.actor_role() in ('counter', 'officer', 'leader')
        on conflict do nothing
        returning region, day
    )
    insert into public.visit_days as d (region, day, part, visits, rated, badly_rated)
    select n.region, n.day, pg_backend_pid() % 8, 1, 0, 0 from noted n
    on conflict (region, day, part) do update set visits = d.visits + 1
$$;
revoke all on function note_visit from public;
grant execute on function note_visit to onething_api;
