-- name: epoch
select epoch from installation

-- name: schema
select schema_number, schema_digest from installation
