-- Of these submitted cases of a counter those whose applicant has another one under way, or a draft, of the same 一件事 and
-- in the same region. As owner: others' drafts are nobody's to see, and that there is one is all that is told.
create function possible_duplicates(of_cases text[]) returns setof text
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
    select c.case_no
    from public.cases c
    where c.case_no = any (of_cases) and c.status <> 'draft' and c.ended_at is null
      and public.actor_role() = 'counter'
      and case
          when public.actor_outlets() is not null then c.outlet = any (public.actor_outlets())
          else c.region = public.actor_region()
      end
      and exists (
          select from public.cases o
          where o.identity_index = c.identity_index and o.bundle_code = c.bundle_code and o.region = c.region
            and o.ended_at is null and o.case_no <> c.case_no
      )
$$;
revoke all on function possible_duplicates from public;
grant execute on function possible_duplicates to onething_api;
