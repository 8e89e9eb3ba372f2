-- name: take
-- Each number is the item's from now on, or stays whose it is; gives the places of those that are another's, from 0. As
-- JSON and text: of an array the driver would ask for its type first, on every new connection.
with asked as (
    select place, series, decode(number, 'hex') as number
    from jsonb_to_recordset(:numbers::jsonb) as a (place int, series text, number text)
), taken as (
    insert into issued_numbers (series, number, case_no, item)
    select series, number, :case_no, :item from asked order by series, number
    on conflict (series, number) do update set case_no = issued_numbers.case_no
    returning series, number, case_no, item
)
select string_agg(place::text, ' ' order by place) as places
from asked join taken using (series, number)
where (taken.case_no, taken.item) <> (:case_no, :item)
