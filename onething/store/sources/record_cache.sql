-- name: keep
insert into kept_records as k (source, asked, came_at, until, body) values (:source, :asked, :came_at, :until, :body)
on conflict (source, asked) do update set came_at = excluded.came_at, until = excluded.until, body = excluded.body
where k.came_at <= excluded.came_at

-- name: drop
delete from kept_records where source = :source and asked = :asked

-- name: found
select came_at, body from kept_records where source = :source and asked = :asked and came_at > :since

-- name: forget
delete from kept_records where until < :now
