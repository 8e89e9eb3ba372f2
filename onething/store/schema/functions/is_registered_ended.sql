-- Whether a person is registered to be no more. As owner: who writes in somebody's name learns this, and nothing else.
create function is_registered_ended(person bytea) returns boolean
language sql stable parallel safe security definer set search_path = pg_catalog, public, pg_temp as $$
    select exists (
        select from public.ended_persons p
        where p.identity_index = person and p.ended_at is not null and p.lifted_at is null
    )
$$;
revoke all on function is_registered_ended from public;
grant execute on function is_registered_ended to onething_api;
