-- For the region's own supervisor, who may see all its cases: asked for by himself, under the policies of the journal,
-- `left` could not be looked up in an index, since it is not known to keep to itself what it is given. What parties say of
-- their cases stands in the journal, what is said of visits beside it: the case does not tell who rated whom.
create function region_ratings(in_region text, before_at timestamptz, before_no text, worst integer, at_most integer)
returns table (case_no text, at timestamptz, grade integer, tags jsonb, channel text, visit bigint,
               contact_by timestamptz, contacted_at timestamptz, rectify_by timestamptz, rectified_at timestamptz)
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
    (
        select r.case_no, r.at, (r.event::jsonb ->> 'grade')::int, r.event::jsonb -> 'tags',
               case when r.actor ? 'mandate' then 'agent' else 'party' end, null::bigint,
               null::timestamptz, null::timestamptz, null::timestamptz, null::timestamptz
        from public.journal r
        where r.kind = 'rated' and r.region = in_region and (r.at, r.case_no) < (before_at, before_no)
          and (r.event::jsonb ->> 'grade')::int <= worst
          and public.actor_role() = 'supervisor' and public.actor_region() = in_region
        order by r.at desc, r.case_no desc limit at_most
    )
    union all
    (
        select v.case_no, v.rated_at, v.grade, to_jsonb(v.tags),
               case v.place when 'on_site' then 'on_site' else 'counter' end, v.id,
               v.contact_by, v.contacted_at, v.rectify_by, v.rectified_at
        from public.visits v
        where v.rated_at is not null and v.region = in_region and (v.rated_at, v.case_no) < (before_at, before_no)
          and v.grade <= worst
          and public.actor_role() = 'supervisor' and public.actor_region() = in_region
        order by v.rated_at desc, v.case_no desc limit at_most
    )
    order by 2 desc, 1 desc limit at_most
$$;
revoke all on function region_ratings from public;
grant execute on function region_ratings to onething_api;
