-- name: forget
delete from page_sessions where ends_at <= :at

-- name: add
insert into page_sessions (digest, subject, token, issuer, refresh, shared, began_at, seen_at, ends_at)
values (:digest, :subject, :token, :issuer, :refresh, :shared, :began_at, :seen_at, :ends_at)

-- name: get
select subject, token, issuer, refresh, shared, began_at, seen_at, ends_at from page_sessions where digest = :digest

-- name: get_alone
select subject, token, issuer, refresh, shared, began_at, seen_at, ends_at from page_sessions where digest = :digest for update

-- name: renewed
update page_sessions set token = :token, refresh = :refresh, seen_at = :at where digest = :digest

-- name: seen
update page_sessions set seen_at = :at where digest = :digest

-- name: end
delete from page_sessions where digest = :digest
