-- name: add
insert into material_files (case_no, code, version, digest, media_type, size, originals, body, uploaded_by, at)
select :case_no, :code, coalesce(max(version), 0) + 1, :digest, :media_type, :size, :originals, :body, :uploaded_by, :at
from material_files where case_no = :case_no and code = :code
returning version

-- name: add_receipts
insert into material_files (case_no, code, version, uploaded_by, at)
select :case_no, c.code,
       1 + coalesce((select max(version) from material_files m where m.case_no = :case_no and m.code = c.code), 0),
       :uploaded_by, :at
from unnest(:codes::text[]) as c (code)

-- name: hand_in
delete from material_files m
where m.case_no = :case_no and (
    m.code <> all (:codes::text[])
    or exists (select from material_files n where n.case_no = m.case_no and n.code = m.code and n.version > m.version)
)

-- name: list
select code, version, digest, media_type, size, originals, uploaded_by, at, null as reused_from from material_files
where case_no = :case_no
union all
select r.code, 0, f.digest, f.media_type, f.size, f.originals, r.reused_by, r.at, r.from_case
from material_reuses r
join material_files f on f.case_no = r.from_case and f.code = r.code and f.version = r.from_version
where r.case_no = :case_no
order by code, version

-- name: body
select body from material_files where case_no = :case_no and code = :code and version = :version

-- name: reused_body
select f.body from material_reuses r
join material_files f on f.case_no = r.from_case and f.code = r.code and f.version = r.from_version
where r.case_no = :case_no and r.code = :code

-- name: earlier
-- The applicant's newest file of each code that the actor may see, of submitted cases which did not ask for it anew.
select distinct on (m.code) m.code, m.case_no, m.version, m.at
from cases c
join case_state s using (case_no)
join material_files m using (case_no)
where c.identity_index = :identity_index and c.submitted_at is not null and m.code = any (:codes)
  and m.digest is not null and m.at >= :since and s.body::jsonb -> 'materials' ? m.code
order by m.code, m.at desc

-- name: reuse
insert into material_reuses (case_no, code, from_case, from_version, reused_by, at)
values (:case_no, :code, :from_case, :from_version, :reused_by, :at)
