-- name: lease
insert into source_rates as r (source, taken_until) values (:source, :until)
on conflict (source) do update set taken_until = greatest(r.taken_until, :now) + :length
where r.taken_until <= :latest
returning taken_until
