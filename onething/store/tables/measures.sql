-- name: period
-- Rows are to be added up; what they count, and when, is said by figures_of_cases.
select department, bundle, item, amounts from region_figures(:region, :departments, :first, :last)

-- name: fold
select fold_figures(:step)

-- name: recent
-- Of each item that is asked for, newest first.
select k.nth, r.opened_at, r.closed_at, r.suspended, r.resumed
from unnest(:departments::text[], :bundles::text[], :items::text[]) with ordinality as k (department, bundle, item, nth)
cross join lateral recent_handlings(:region, k.department, k.bundle, k.item, :at_most) r
order by k.nth, r.closed_at desc
