-- name: add
insert into material_files (case_no, code, version, digest, media_type, size, body, uploaded_by, at)
select :case_no, :code, coalesce(max(version), 0) + 1, :digest, :media_type, :size, :body, :uploaded_by, :at
from material_files where case_no = :case_no and code = :code
returning version

-- name: add_receipts
insert into material_files (case_no, code, version, uploaded_by, at)
select :case_no, c.code,
       1 + coalesce((select max(version) from material_files m where m.case_no = :case_no and m.code = c.code), 0),
       :uploaded_by, :at
from unnest(:codes::text[]) as c (code)

-- name: list
select code, version, digest, media_type, size, uploaded_by, at from material_files
where case_no = :case_no order by code, version

-- name: body
select body from material_files where case_no = :case_no and code = :code and version = :version
