-- Whoever had a draft looked at stands at the counter and shows the code: the draft becomes the clerk's, as if it had been
-- begun there, but for deleting it, and stays its applicant's. Whether it did: not without the code, and only where the counter sees it. As owner:
-- a policy could not tell who was shown a code.
create function hand_over_draft(the_case text, the_hash bytea, at_outlet text) returns boolean
language sql security definer set search_path = pg_catalog, public, pg_temp as $$
    with handed as (
        update public.cases c set created_by = public.actor_subject(), outlet = at_outlet, handed_over = true
        from public.prechecks p
        where c.case_no = the_case and p.case_no = the_case and c.status = 'draft'
            and p.answered_at is not null and p.code_hash = the_hash and public.draft_is_shown(the_case)
        returning 1
    )
    select exists (select from handed)
$$;
revoke all on function hand_over_draft from public;
grant execute on function hand_over_draft to onething_api;
