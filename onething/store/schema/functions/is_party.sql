-- Whether the caller is a party of the case, by the identity that they have proved. As owner: asked by the policy of cases, it
-- must not ask for cases once more.
create function is_party(the_case text) returns boolean
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
    select exists (
        select from public.case_parties p
        where p.case_no = the_case and p.identity_index = public.actor_identity()
            and public.actor_role() in ('citizen', 'agent')
    )
$$;
revoke all on function is_party from public;
grant execute on function is_party to onething_api;
