-- Whoever had a draft looked at stands at the counter and shows the code: the draft becomes the clerk's, as if it had been
-- begun there, and stays its applicant's. Whether it did: not without the code, nor of others' regions and outlets, nor once
-- the day of the visit is over. As owner: a policy could not tell who was shown a code.
create function hand_over_draft(the_case text, the_hash bytea, at_outlet text) returns boolean
language sql security definer set search_path = pg_catalog, public, pg_temp as $$
    with handed as (
        update public.cases c set created_by = public.actor_subject(), outlet = at_outlet
        from public.prechecks p
        where c.case_no = the_case and p.case_no = the_case and c.status = 'draft'
            and public.actor_role() = 'counter' and p.region = public.actor_region()
            and p.answered_at is not null and p.code_hash = the_hash and public.actor_at() < p.seen_until
            and case
                when public.actor_outlets() is null then true
                else coalesce(p.outlet = any (public.actor_outlets()), false)
                    or coalesce(p.visit_outlet = any (public.actor_outlets()), false)
            end
        returning 1
    )
    select exists (select from handed)
$$;
revoke all on function hand_over_draft from public;
grant execute on function hand_over_draft to onething_api;
