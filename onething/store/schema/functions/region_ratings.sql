-- For the region's own supervisor, who may see all its cases: asked for by himself, under the policies of the journal,
-- `left` could not be looked up in an index, since it is not known to keep to itself what it is given.
create function region_ratings(in_region text, before_at timestamptz, before_no text, worst integer, at_most integer)
returns table (case_no text, at timestamptz, grade integer, tags jsonb, by_agent boolean)
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
    select r.case_no, r.at, (r.event::jsonb ->> 'grade')::int, r.event::jsonb -> 'tags', r.actor ? 'mandate'
    from public.journal r
    where r.kind = 'rated' and r.region = in_region and (r.at, r.case_no) < (before_at, before_no)
      and (r.event::jsonb ->> 'grade')::int <= worst
      and public.actor_role() = 'supervisor' and public.actor_region() = in_region
    order by r.at desc, r.case_no desc limit at_most
$$;
revoke all on function region_ratings from public;
grant execute on function region_ratings to onething_api;
