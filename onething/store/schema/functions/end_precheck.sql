-- The content of a draft is gone: it was submitted, or is being deleted, and then this row goes with its head. What a clerk
-- said of it is content too; that it was looked at stays, for the figures. As owner, whoever it was that submitted it.
create function end_precheck() returns trigger
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
begin
    update public.prechecks p set
        body = null,
        code_hash = null,
        ended_at = case when p.answered_at is null then public.actor_at() end
    where p.case_no = old.case_no;
    return null;
end $$;
revoke all on function end_precheck from public;
