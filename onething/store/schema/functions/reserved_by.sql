-- Which cases have any of this now, by the digest of what it is. As owner: whoever asks sees of these what is theirs.
create function reserved_by(of_key bytea) returns setof text
language sql stable rows 1 security definer set search_path = pg_catalog, public, pg_temp as $$
    select case_no from public.reservations where key_index = of_key and held_at is not null
$$;
revoke all on function reserved_by from public;
grant execute on function reserved_by to onething_api;
