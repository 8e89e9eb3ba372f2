-- name: page
-- Newest first, of one region. What was owed for a bad one, and when it was done, is told by the ledger of its clocks.
select r.case_no, r.at, r.grade, r.tags, r.by_agent, c.bundle, c.status,
       l.contact_by, l.contacted_at, l.rectify_by, l.rectified_at
from region_ratings(:region, :before_at, :before_no, :worst, :limit) r
join cases c using (case_no)
left join lateral (
    select max(due_at) filter (where kind = 'rating:contact') as contact_by,
           max(at) filter (where kind = 'rating:contact' and what in ('met', 'missed')) as contacted_at,
           max(due_at) filter (where kind = 'rating:rectify') as rectify_by,
           max(at) filter (where kind = 'rating:rectify' and what in ('met', 'missed')) as rectified_at
    from clock_ledger where case_no = r.case_no and kind in ('rating:contact', 'rating:rectify')
) l on true
order by r.at desc, r.case_no desc
