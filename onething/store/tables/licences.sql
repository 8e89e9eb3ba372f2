-- name: page
select number, issued_at
from certificates
where holder = :holder and (issued_at, number) < (:before_at, :before_number)
  and (:kinds::text[] is null or kind = any (:kinds))
  and (:bundles::text[] is null or bundle = any (:bundles))
order by issued_at desc, number desc limit :limit
