-- The content of a draft is gone: it was submitted, or is being deleted, and then this row goes with its head. What a clerk
-- said of it is content too; that it was looked at stays, for the figures. As owner, whoever it was that submitted it; of a
-- draft that is still there nothing is ended.
create function end_precheck(the_case text) returns void
language sql security definer set search_path = pg_catalog, public, pg_temp as $$
    update public.prechecks p set
        body = null,
        code_hash = null,
        ended_at = case when p.answered_at is null then public.actor_at() end
    where p.case_no = the_case and not exists (select from public.drafts d where d.case_no = the_case)
$$;
revoke all on function end_precheck from public;
grant execute on function end_precheck to onething_api, onething_worker;
