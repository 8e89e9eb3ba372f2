-- A new query code, which is the applicant's to ask for; whoever was told the one before opens nothing with it any more. As
-- owner: a policy could not keep the caller to these two columns.
create function reissue_code(the_case text, the_hash bytea) returns boolean
language sql security definer set search_path = pg_catalog, public, pg_temp as $$
    with changed as (
        update public.cases set query_hash = the_hash, code_given_to = null
        where case_no = the_case and identity_index = public.actor_identity()
            and public.actor_role() in ('citizen', 'agent')
        returning 1
    )
    select exists (select from changed)
$$;
revoke all on function reissue_code from public;
grant execute on function reissue_code to onething_api;
