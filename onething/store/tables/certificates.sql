-- name: issue
insert into certificates (number, case_no, item, output, name, department, issued_at, valid_until, content_digest,
                          signature, body)
values (:number, :case_no, :item, :output, :name, :department, :issued_at, :valid_until, :content_digest, :signature, :body)
on conflict (case_no, item, output) do nothing

-- name: revoke
update certificates set revoked_at = :at where case_no = :case_no and item = :item and revoked_at is null

-- name: of_case
select number, case_no, item, output, name, department, issued_at, valid_until, content_digest, signature, body, revoked_at
from certificates where case_no = :case_no order by issued_at, number

-- name: by_number
select number, case_no, item, output, name, department, issued_at, valid_until, content_digest, signature, body, revoked_at
from certificates where number = :number
