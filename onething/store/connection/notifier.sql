-- name: ring
select pg_notify(:channel, :payload)
