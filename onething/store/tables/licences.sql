-- name: page
select number, kind, name, department, issued_at, valid_until, revoked_at
from certificates
where holder = :holder and (issued_at, number) < (:before_at, :before_number)
  and (:kinds::text[] is null or kind = any (:kinds))
  and (:bundles::text[] is null or bundle = any (:bundles))
order by issued_at desc, number desc limit :limit

-- name: held
select number, kind from certificates where number = any (:numbers::text[]) and holder = :holder
