-- 失信记录: a decision to take back because of a broken promise is its own credit note. Of one region, newest first, for its
-- own supervisor; definer for the same reason as region_ratings.
create function region_credit_notes(in_region text, before_at timestamptz, before_key text, at_most integer)
returns table (case_no text, at timestamptz, item text, material text, finding text)
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
    select j.case_no, j.at, j.event::jsonb ->> 'item', j.event::jsonb ->> 'material',
           j.event::jsonb ->> 'finding'
    from public.journal j
    where j.kind = 'revocation_decided' and j.region = in_region
      and j.at <= before_at
      and (j.at, concat(j.case_no, '-', j.event::jsonb ->> 'item')) < (before_at, before_key)
      and (j.event::jsonb ->> 'revoke')::boolean and j.event::jsonb ? 'finding'
      and (select public.actor_role()) = 'supervisor' and (select public.actor_region()) = in_region
    order by j.at desc, concat(j.case_no, '-', j.event::jsonb ->> 'item') desc limit at_most
$$;
revoke all on function region_credit_notes from public;
grant execute on function region_credit_notes to onething_api;
