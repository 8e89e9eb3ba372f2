-- Whom a mandate was given to is an account; who that is shows when they first act under it, with an identity proved.
create function take_up_mandate(the_mandate text) returns void
language sql security definer set search_path = pg_catalog, public, pg_temp as $$
    update public.mandates m set agent_index = public.actor_identity()
    where m.id = the_mandate and m.agent = public.actor_subject() and m.agent_index is null
        and public.actor_identity() is not null
$$;
revoke all on function take_up_mandate from public;
grant execute on function take_up_mandate to onething_api;
