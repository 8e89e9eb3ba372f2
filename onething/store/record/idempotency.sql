-- name: answered
select request_digest, status, response from idempotency where caller = :caller and route = :scope and key = :key

-- name: keep
insert into idempotency (caller, route, key, request_digest, created_at, status, response)
values (:caller, :scope, :key, :request_digest, :at, :status, :response)

-- name: forget
with old as (delete from idempotency where created_at < :older_than returning 1)
select count(*) from old
