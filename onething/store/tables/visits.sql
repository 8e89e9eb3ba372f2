-- name: note
select note_visit(:case_no, :outlet, :place, :day::date, :at, :code_hash, :expires_at)

-- name: latest_of
select case_no, place, day, at, expires_at from visits where case_no = :case_no order by at desc limit 1

-- name: rate
select rate_visit(:hash, :at, :grade, :tags, :contact_by, :rectify_by)

-- name: rated
select id, case_no, region, outlet, place, department, day, rated_at, grade, tags, contact_by, contacted_at, contact_note,
       rectify_by, rectified_at, rectify_note
from region_visit(:id)

-- name: answer
select answer_visit(:id, :step, :at, :note)

-- name: sums
select coalesce(sum(visits), 0)::int as visits, coalesce(sum(rated), 0)::int as rated,
       coalesce(sum(badly_rated), 0)::int as badly_rated
from visit_days where region = :region and day between :first and :last
