-- Whether somebody may act for a person in a bundle now. As owner: who shows a query code sees no mandates.
create function mandate_holds(the_agent text, the_giver bytea, the_bundle text) returns boolean
language sql stable parallel safe security definer set search_path = pg_catalog, public, pg_temp as $$
    select exists (
        select from public.mandates m
        where m.agent = the_agent and m.giver_index = the_giver
            and m.revoked_at is null and m.expires_at >= (select public.actor_at())
            and (m.bundles = '{}' or the_bundle = any (m.bundles)) and m.acts <> array['licences']
    )
$$;
revoke all on function mandate_holds from public;
grant execute on function mandate_holds to onething_api;
