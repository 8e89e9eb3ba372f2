-- name: add
insert into access_log (at, subject, role, act, case_no, detail)
values (:at, :subject, :role, :act, :case_no, :detail)

-- name: newest
select id, at, subject, role, act, case_no, detail from access_log
where id < :before and (:case_no::text is null or case_no = :case_no) order by id desc limit :limit
