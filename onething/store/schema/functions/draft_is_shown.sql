-- Whether the counter is asked to look at this draft, and may still: while nobody has answered, and after it until the day of
-- the visit is over. A function, so that statements about drafts and files have no subquery of it to set up. As owner: the
-- draft is nobody's to see by its head.
create function draft_is_shown(the_case text) returns boolean
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
    select exists (
        select from public.prechecks p join public.cases c on c.case_no = p.case_no
        where p.case_no = the_case and c.status = 'draft' and public.actor_role() = 'counter'
            and p.ended_at is null and public.actor_at() < p.seen_until and p.region = public.actor_region()
            and case
                when public.actor_outlets() is null then true
                else coalesce(p.outlet = any (public.actor_outlets()), false)
                    or coalesce(p.visit_outlet = any (public.actor_outlets()), false)
            end
    )
$$;
revoke all on function draft_is_shown from public;
grant execute on function draft_is_shown to onething_api;
