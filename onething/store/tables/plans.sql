-- name: plan
select body from plans where digest = :digest
