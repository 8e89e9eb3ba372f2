-- Whoever shows the code of a visit rates it, once: nobody is signed in, the code is the right. Whether it is rated so now: the
-- same said again is the same rating. Not told is which of wrong, used and expired it was. As owner: nobody sees the table.
create function rate_visit(the_hash bytea, the_moment timestamptz, the_grade integer, the_tags text[],
                           contact_until timestamptz, rectify_until timestamptz) returns boolean
language sql security definer set search_path = pg_catalog, public, pg_temp as $$
    with rated as (
        update public.visits v set rated_at = the_moment, grade = the_grade, tags = the_tags,
            contact_by = contact_until, rectify_by = rectify_until
        where v.code_hash = the_hash and v.rated_at is null and the_moment < v.expires_at
        returning v.region, v.day
    ), summed as (
        insert into public.visit_days as d (region, day, part, visits, rated, badly_rated)
        select r.region, r.day, pg_backend_pid() % 8, 0, 1, (the_grade <= 2)::integer from rated r
        on conflict (region, day, part) do update set
            rated = d.rated + 1, badly_rated = d.badly_rated + excluded.badly_rated
    )
    select exists (select from rated) or exists (
        select from public.visits v
        where v.code_hash = the_hash and v.grade = the_grade and v.tags = the_tags and the_moment < v.expires_at
    )
$$;
revoke all on function rate_visit from public;
grant execute on function rate_visit to onething_api;
