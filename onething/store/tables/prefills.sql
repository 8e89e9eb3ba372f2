-- name: add
insert into prefills (id, source, event_id, event, system, bundle, region, confirm, identity_index, digest, received_at,
                      expires_at, body)
values (:id, :source, :event_id, :event, :system, :bundle, :region, :confirm, :identity_index, :digest, :received_at,
        :expires_at, :body)
on conflict (source, event_id) do nothing
returning id

-- name: known
select id, digest, bundle, received_at from prefills where source = :source and event_id = :event_id

-- name: in_region
select id, event, bundle, region, received_at, expires_at from prefills
where region = :region and taken_at is null and expires_at > :now and (received_at, id) < (:before_at, :before_id)
order by received_at desc, id desc limit :limit

-- name: of_person
select id, event, bundle, region, received_at, expires_at from prefills
where identity_index = :identity_index and taken_at is null and expires_at > :now
  and (received_at, id) < (:before_at, :before_id)
order by received_at desc, id desc limit :limit

-- name: one
select id, event, event_id, source, bundle, region, received_at, expires_at, body, taken_at, taken_role, case_no,
       identity_index
from prefills where id = :id and (taken_at is not null or expires_at > :now)

-- name: lock
select id, event, event_id, source, bundle, region, received_at, expires_at, body, taken_at, taken_role, case_no,
       identity_index
from prefills where id = :id and (taken_at is not null or expires_at > :now) for update

-- name: take
update prefills set body = null, taken_at = :at, taken_role = :role, case_no = :case_no where id = :id

-- name: forget
with old as (delete from prefills where expires_at < :now returning 1)
select count(*) from old
