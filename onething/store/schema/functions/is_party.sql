-- Whether the caller is a party of the case, by the identity that they have proved. As owner: asked by the policy of cases, it
-- must not ask for cases once more. In plpgsql, since the policy comes before the table.
create function is_party(the_case text) returns boolean
language plpgsql stable security definer set search_path = pg_catalog, public, pg_temp as $$
begin
    return exists (
        select from public.case_parties p
        where p.case_no = the_case and p.identity_index = public.actor_identity()
            and public.actor_role() in ('citizen', 'agent')
    );
end $$;
revoke all on function is_party from public;
grant execute on function is_party to onething_api;
