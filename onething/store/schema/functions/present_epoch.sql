-- A command's key holds the epoch that it was made in, not the one that it is carried out in: after a restore the outside
-- world knows what it did before by the key of then, and has to be told to release by that one.
create function present_epoch() returns integer language sql stable parallel safe
    as $$ select epoch from installation $$;
