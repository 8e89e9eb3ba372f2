-- Why a case is out of reach: the mandate between the caller and the applicant that ended last, where the caller brought
-- the case in under one. Who did not learns nothing of which cases there are.
create function lapsed_mandate(the_case text) returns text
language sql stable parallel safe security definer set search_path = pg_catalog, public, pg_temp as $$
    select m.id
    from public.cases c join public.mandates m on m.giver_index = c.identity_index
    where c.case_no = the_case and c.created_by = public.actor_subject() and c.mandate is not null
        and m.agent = public.actor_subject() and (m.bundles = '{}' or c.bundle_code = any (m.bundles))
    order by m.expires_at desc limit 1
$$;
revoke all on function lapsed_mandate from public;
grant execute on function lapsed_mandate to onething_api;
