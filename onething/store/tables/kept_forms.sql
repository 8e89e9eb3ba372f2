-- name: forget
delete from kept_forms where until <= :at

-- name: add
insert into kept_forms (digest, subject, path, fields, until) values (:digest, :subject, :path, :fields, :until)

-- name: get
select subject, path, fields, until from kept_forms where digest = :digest

-- name: drop
delete from kept_forms where digest = :digest
