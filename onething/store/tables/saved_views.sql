-- name: mine
select n, body from queue_views where subject = :subject order by n

-- name: save
insert into queue_views (subject, n, body, at) values (:subject, :n, :body, :at)
on conflict (subject, n) do update set body = excluded.body, at = excluded.at

-- name: remove
delete from queue_views where subject = :subject and n = :n returning n
