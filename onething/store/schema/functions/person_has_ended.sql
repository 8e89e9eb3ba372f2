-- As `is_registered_ended`, for whoever is about to write in that person's name: a registration in another transaction
-- comes before, and is seen, or waits, and then sees what was written. Hence two statements.
create function person_key(person bytea) returns bigint language sql immutable parallel safe
    as $$ select hashtextextended(encode(person, 'hex'), 14) $$;
create function person_has_ended(person bytea) returns boolean language plpgsql as $$
begin
    perform pg_advisory_xact_lock_shared(person_key(person));
    return is_registered_ended(person);
end $$;
