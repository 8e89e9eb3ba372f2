-- A bad rating of a visit is answered, and then put right, by the supervisor of its region. Whether that was to be done now.
create function answer_visit(the_id bigint, step text, the_moment timestamptz, note bytea) returns boolean
language sql security definer set search_path = pg_catalog, public, pg_temp as $$
    with answered as (
        update public.visits v set
            contacted_at = case step when 'contact' then the_moment else v.contacted_at end,
            contact_note = case step when 'contact' then note else v.contact_note end,
            rectified_at = case step when 'rectify' then the_moment else v.rectified_at end,
            rectify_note = case step when 'rectify' then note else v.rectify_note end
        where v.id = the_id and public.actor_role() = 'supervisor' and v.region = public.actor_region()
          and case step
                  when 'contact' then v.contact_by is not null and v.contacted_at is null
                  when 'rectify' then v.contacted_at is not null and v.rectified_at is null
                  else false
              end
        returning 1
    )
    select exists (select from answered)
$$;
revoke all on function answer_visit from public;
grant execute on function answer_visit to onething_api;
