-- Takes for a case what it may have of what several share; says of each whether it has it. `asked`: code, size of the pool,
-- amount, whether it waits its turn. One case after the other, by a lock on the digest until the transaction is over: each
-- statement sees what those before it have committed. Run as the writer.
create function take_reservations(of_case text, asked jsonb, at timestamptz) returns table (code text, held boolean)
language plpgsql volatile set search_path = pg_catalog, public, pg_temp as $$
declare
    one record;
    free boolean;
begin
    for one in
        select r.code, r.key_index, a.amount, a.pool, a.queues
        from jsonb_to_recordset(asked) as a (code text, amount int, pool int, queues boolean)
            join public.reservations r on r.case_no = of_case and r.code = a.code
        order by r.key_index
    loop
        perform pg_advisory_xact_lock(hashtextextended(encode(one.key_index, 'hex'), 1053));
        update public.reservations r set amount = one.amount, asked_at = coalesce(r.asked_at, at)
        where r.case_no = of_case and r.code = one.code;
        select coalesce(sum(o.amount), 0) + one.amount <= one.pool into free
        from public.reservations o, public.reservations own
        where own.case_no = of_case and own.code = one.code and o.key_index = one.key_index and o.case_no <> of_case
            and (o.held_at is not null or (one.queues and (o.asked_at, o.case_no) < (own.asked_at, own.case_no)));
        if free then
            update public.reservations r set held_at = coalesce(r.held_at, at)
            where r.case_no = of_case and r.code = one.code;
        end if;
        code := one.code;
        held := free;
        return next;
    end loop;
end
$$;
revoke all on function take_reservations from public;
grant execute on function take_reservations to onething_writer;
