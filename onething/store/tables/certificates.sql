-- name: issue
insert into certificates (number, case_no, item, output, edition, issued_at, signature, body)
values (:number, :case_no, :item, :output, :edition, :issued_at, :signature, :body)
on conflict (case_no, item, output, edition) do nothing

-- name: numbers_of_case
select number from certificates where case_no = :case_no
union
select jsonb_array_elements_text(event -> 'numbers') from journal where case_no = :case_no and kind = 'certificates_issued'
order by 1

-- name: issued
-- Oldest first, by the journal alone.
select jsonb_array_elements_text(event -> 'numbers') as number
from journal where case_no = :case_no and kind = 'certificates_issued' order by seq

-- name: bodies
select number, body from certificates where number = any (:numbers)

-- name: found
-- One statement: row and journal are of one moment, or one that is just being issued would look like a forged one.
select n.number, c.number is not null as has_row, c.case_no, c.item, c.output, c.edition, c.bundle, c.kind, c.holder, c.issued_at,
       c.signature, c.body, s.intact, s.revoked, s.revoked_at, s.replaced_at, s.replaced_by, s.replaced_why
from unnest(:numbers::text[]) as n (number)
left join certificates c on c.number = n.number
left join certificate_standings(:numbers::text[]) s on s.number = n.number
where c.number is not null or s.number is not null
