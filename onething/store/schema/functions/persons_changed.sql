-- Who is registered to be no more (blind index, hex), of those of whom that has changed since. As owner: every API process
-- keeps it, to let none of them in, and learns of no case by it.
create function persons_changed(since timestamptz) returns table (person text, ended boolean)
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
    select encode(p.identity_index, 'hex'), bool_or(p.ended_at is not null and p.lifted_at is null)
    from public.ended_persons p
    where p.identity_index in (select c.identity_index from public.ended_persons c where c.changed_at >= since)
    group by p.identity_index
$$;
revoke all on function persons_changed from public;
grant execute on function persons_changed to onething_api;
