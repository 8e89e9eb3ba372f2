-- Lines before this have all landed: a transaction may commit after one that began later, so what is at or past the oldest
-- that is still open is not read yet. The epoch comes first, since a restored database may count transactions anew.
create function landed_for_good() returns bigint language sql volatile
    as $$ select (present_epoch()::bigint << 48) + pg_snapshot_xmin(pg_current_snapshot())::text::bigint $$;
