-- name: forget
delete from page_sessions where ends_at <= :at

-- name: add
insert into page_sessions (digest, subject, token, issuer, refresh, shared, browser, began_at, seen_at, ends_at)
values (:digest, :subject, :token, :issuer, :refresh, :shared, :browser, :began_at, :seen_at, :ends_at)

-- name: get
select subject, token, issuer, refresh, shared, browser, began_at, seen_at, ends_at from page_sessions where digest = :digest

-- name: get_alone
select subject, token, issuer, refresh, shared, browser, began_at, seen_at, ends_at from page_sessions where digest = :digest for update

-- name: renewed
update page_sessions set token = :token, refresh = :refresh, seen_at = :at where digest = :digest

-- name: seen
update page_sessions set seen_at = :at where digest = :digest

-- name: end
delete from page_sessions where digest = :digest

-- name: in_force
-- The last used first; of one account, or of all that the caller may see.
select digest, subject, shared, browser, began_at, seen_at, ends_at from page_sessions
where ends_at > :now and seen_at > :seen_after and (:subject::text is null or subject = :subject)
order by seen_at desc, digest limit :limit
