-- name: page
-- Newest first, of one region.
select n.case_no, n.at, n.item, n.material, n.finding, c.bundle
from region_credit_notes(:region, :before_at, :before_key, :limit) n
join cases c using (case_no)
order by n.at desc, concat(n.case_no, '-', n.item) desc
