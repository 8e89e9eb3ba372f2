-- name: mine
select n, body from phrases where subject = :subject order by n

-- name: add
insert into phrases (subject, n, body, at) values (:subject, :n, :body, :at)

-- name: remove
delete from phrases where subject = :subject and n = :n returning n
