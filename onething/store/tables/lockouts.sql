-- name: standing
select kind, value from lockouts where lifted_at is null and until is null
union all
select kind, value from lockouts where lifted_at is null and until > :now

-- name: subjects
select id, kind, value, at, by_subject, reason from lockouts
where kind = 'subject' and lifted_at is null order by id desc

-- name: add
insert into lockouts (kind, value, at, by_subject, reason, until)
values (:kind, :value, :at, :by_subject, :reason, :until)
on conflict (kind, value) where lifted_at is null do nothing

-- name: lift
update lockouts set lifted_at = :at, lifted_by = :by_subject
where kind = 'subject' and value = :value and lifted_at is null
returning id

-- name: ring
select pg_notify('onething_lockouts', '')
