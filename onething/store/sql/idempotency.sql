-- name: begin
insert into idempotency (caller, route, key, request_digest, created_at)
values (:caller, :route, :key, :request_digest, :at)
on conflict (caller, route, key) do nothing
returning key

-- name: stored
select request_digest, status, response from idempotency where caller = :caller and route = :route and key = :key

-- name: finish
update idempotency set status = :status, response = :response
where caller = :caller and route = :route and key = :key

-- name: forget
with old as (delete from idempotency where created_at < :older_than returning 1)
select count(*) from old
