-- Whether a person is registered to be no more. Whoever asks is about to write in that person's name: a registration in
-- another transaction comes before, and is seen, or waits, and then sees what was written. Hence two statements.
create function person_key(person bytea) returns bigint language sql immutable parallel safe
    as $$ select hashtextextended(encode(person, 'hex'), 14) $$;
create function person_has_ended(person bytea) returns boolean language plpgsql as $$
begin
    perform pg_advisory_xact_lock_shared(person_key(person));
    return exists (
        select from ended_persons p
        where p.identity_index = person and p.ended_at is not null and p.lifted_at is null
    );
end $$;
