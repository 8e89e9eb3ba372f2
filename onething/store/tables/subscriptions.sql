-- name: add
insert into subscriptions (id, url, types, bundle, region, secrets, created_at, created_by)
values (:id, :url, :types, :bundle, :region, :secrets, :at, :by)

-- name: everything
select id, url, types, bundle, region, secrets, created_at, disabled_at, disabled_why, landed, case_no, seq, rewind_to,
       attempts, next_at, failing_since, last_failure, delivered, delivered_at
from subscriptions order by created_at, id

-- name: one
select id, url, types, bundle, region, secrets, created_at, disabled_at, disabled_why, landed, case_no, seq, rewind_to,
       attempts, next_at, failing_since, last_failure, delivered, delivered_at
from subscriptions where id = :id for update

-- name: remove
delete from subscriptions where id = :id returning id

-- name: change_secrets
update subscriptions set secrets = :secrets where id = :id

-- name: again_from
update subscriptions set rewind_to = :moment, attempts = 0, next_at = null, failing_since = null, disabled_at = null,
                         disabled_why = null
where id = :id

-- name: dead
select case_no, seq, type, at, attempts, failure, given_up_at from dead_letters where subscription = :id
order by given_up_at desc, case_no, seq limit :limit

-- name: news
select j.landed, j.case_no, j.seq, j.at, j.kind, j.event, c.bundle, c.region
from journal j join cases c using (case_no)
where j.landed >= :landed and (j.landed, j.case_no, j.seq) > (:landed, :case_no, :seq) and j.landed < landed_for_good()
order by j.landed, j.case_no, j.seq limit :limit

-- name: rewind
update subscriptions s set
    landed = coalesce((select min(j.landed) from journal j where j.at >= s.rewind_to), s.landed), case_no = '', seq = 0,
    rewind_to = null
where rewind_to is not null

-- name: reached
with gone as (delete from dead_letters where subscription = :id and case_no = :case_no and seq = :seq and :told)
update subscriptions set
    landed = :landed, case_no = :case_no, seq = :seq, attempts = 0, next_at = null,
    failing_since = case when :told then null else failing_since end,
    delivered = delivered + :told::int, delivered_at = case when :told then :at else delivered_at end
where id = :id and rewind_to is null

-- name: failed
update subscriptions set attempts = attempts + 1, next_at = :next_at, last_failure = :failure,
                         failing_since = coalesce(failing_since, :at)
where id = :id and rewind_to is null

-- name: bury
insert into dead_letters (subscription, case_no, seq, type, at, attempts, failure, given_up_at)
values (:id, :case_no, :seq, :type, :at, :attempts, :failure, :given_up_at)
on conflict (subscription, case_no, seq) do update
    set attempts = excluded.attempts, failure = excluded.failure, given_up_at = excluded.given_up_at

-- name: how_many_dead
select count(*) from dead_letters where subscription = :id

-- name: disable
update subscriptions set disabled_at = :at, disabled_why = :why where id = :id
