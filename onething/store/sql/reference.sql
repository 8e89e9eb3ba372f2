-- name: put_calendar
insert into calendars (digest, code, version, body) values (:digest, :code, :version, :body)
on conflict (digest) do nothing

-- name: calendar
select body from calendars where digest = :digest

-- name: plan
select body from plans where digest = :digest

-- name: epoch
select epoch from installation

-- name: schema_revision
select version_num from alembic_version
