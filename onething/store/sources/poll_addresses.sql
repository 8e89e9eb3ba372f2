-- name: keep
insert into status_addresses (key, until, body) values (:key, :until, :body)
on conflict (key) do update set until = excluded.until, body = excluded.body

-- name: drop
delete from status_addresses where key = :key

-- name: found
select body from status_addresses where key = :key

-- name: forget
delete from status_addresses where until < :now
