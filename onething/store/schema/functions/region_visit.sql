-- A visit that was rated, for the supervisor of its region. Not who recorded it, and nobody's name.
create function region_visit(the_id bigint)
returns table (id bigint, case_no text, region text, outlet text, place text, department text, day date,
               rated_at timestamptz, grade integer, tags text[], contact_by timestamptz, contacted_at timestamptz,
               contact_note bytea, rectify_by timestamptz, rectified_at timestamptz, rectify_note bytea)
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
    select v.id, v.case_no, v.region, v.outlet, v.place, v.department, v.day, v.rated_at, v.grade, v.tags, v.contact_by,
           v.contacted_at, v.contact_note, v.rectify_by, v.rectified_at, v.rectify_note
    from public.visits v
    where v.id = the_id and v.rated_at is not null
      and public.actor_role() = 'supervisor' and v.region = public.actor_region()
$$;
revoke all on function region_visit from public;
grant execute on function region_visit to onething_api;
