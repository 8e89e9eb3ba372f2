-- name: plan
select body from plans where digest = :digest

-- name: epoch
select epoch from installation

-- name: schema_revision
select version_num from alembic_version
