-- name: temporary
-- `held`: whether this session, or any role that it may take, may make temporary objects in this database.
select current_user as role, quote_ident(current_database()) as database, exists (
    select from pg_catalog.pg_roles r
    where pg_catalog.pg_has_role(current_user, r.oid, 'member')
      and pg_catalog.has_database_privilege(r.oid, current_database(), 'TEMP')
) as held
