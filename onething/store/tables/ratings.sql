-- name: page
-- Newest first, of one region. What was owed for a bad one, and when it was done, is told by the ledger of its clocks; of a
-- visit, which has none in its case, by the visit itself.
select r.case_no, r.at, r.grade, r.tags, r.channel, r.visit, c.bundle, c.status,
       coalesce(r.contact_by, l.contact_by) as contact_by, coalesce(r.contacted_at, l.contacted_at) as contacted_at,
       coalesce(r.rectify_by, l.rectify_by) as rectify_by, coalesce(r.rectified_at, l.rectified_at) as rectified_at
from region_ratings(:region, :before_at, :before_no, :worst, :limit) r
join cases c using (case_no)
left join lateral (
    select max(due_at) filter (where kind = 'rating:contact') as contact_by,
           max(at) filter (where kind = 'rating:contact' and what in ('met', 'missed')) as contacted_at,
           max(due_at) filter (where kind = 'rating:rectify') as rectify_by,
           max(at) filter (where kind = 'rating:rectify' and what in ('met', 'missed')) as rectified_at
    from clock_ledger
    where case_no = r.case_no and kind in ('rating:contact', 'rating:rectify') and r.visit is null
) l on true
order by r.at desc, r.case_no desc
