-- name: keep
-- What a case is to share with others, by the digest of what it is; another one takes the place of that before.
insert into reservations (case_no, code, key_index)
select :case_no, code, decode(key, 'hex') from jsonb_to_recordset(:keys::jsonb) as k (code text, key text)
on conflict (case_no, code) do update set key_index = excluded.key_index, held_at = null, asked_at = null
where reservations.key_index <> excluded.key_index

-- name: take
select string_agg(code, ' ' order by code) filter (where held) as held,
    string_agg(code, ' ' order by code) filter (where not held) as full
from take_reservations(:case_no, :asked::jsonb, :at)

-- name: seen
-- Those that have it already, and that the caller may see.
select c.case_no from unnest(:keys::bytea[]) as k (key) cross join lateral reserved_by(k.key) as r (case_no) join cases c using (case_no)
where c.case_no <> :case_no
order by c.case_no
limit 1
