-- name: next_serial
select nextval('case_serials')

-- name: begin
insert into cases (case_no, region, bundle, channel, outlet, status, created_by, created_at, departments, query_hash,
                   code_given_to, identity_index, identity_only, mandate)
values (:case_no, :region, :bundle, :channel, :outlet, 'draft', :created_by, :created_at, :departments, :query_hash,
        :code_given_to, :identity_index, :identity_only, :mandate)
on conflict (case_no) do nothing

-- name: head
select case_no, region, bundle, channel, outlet, status, created_by, created_at, departments, query_hash, submitted_at,
       accepted_at, due_at, ended_at, head_seq, last_at, mandate, identity_index, open_demands, expires_at,
       status_since, corrections_answered, handed_over
from cases where case_no = :case_no

-- name: state
select c.head_seq, s.body from cases c join case_state s using (case_no) where c.case_no = :case_no

-- name: of_applying
-- Those in one's own name, one's drafts, and of each person for whom one may act: each part along its index, a page of each.
with own as (
    select case_no, region, bundle, channel, outlet, status, created_by, created_at, departments, query_hash, submitted_at,
       accepted_at, due_at, ended_at, head_seq, last_at, mandate, identity_index, open_demands, expires_at,
       status_since, corrections_answered, handed_over
    from cases
    where identity_index = :identity and (created_at, case_no) < (:before_at, :before_no)
         and (:statuses::text[] is null or status = any (:statuses)) and (:bundle::text is null or :bundle in (bundle, bundle_code))
    order by created_at desc, case_no desc limit :limit
), drafts as (
    select case_no, region, bundle, channel, outlet, status, created_by, created_at, departments, query_hash, submitted_at,
       accepted_at, due_at, ended_at, head_seq, last_at, mandate, identity_index, open_demands, expires_at,
       status_since, corrections_answered, handed_over
    from cases
    where created_by = :subject and status = 'draft' and (created_at, case_no) < (:before_at, :before_no)
         and (:statuses::text[] is null or status = any (:statuses)) and (:bundle::text is null or :bundle in (bundle, bundle_code))
    order by created_at desc, case_no desc limit :limit
), givers as (
    select giver_index, array_agg(distinct covered) as covered
    from mandates, unnest(case when bundles = '{}' then array['*'] else bundles end) as covered
    where agent = :subject and revoked_at is null and expires_at >= (select actor_at()) and acts <> array['licences']
    group by giver_index
), theirs as (
    select c.*
    from givers g cross join lateral (
        select case_no, region, bundle, channel, outlet, status, created_by, created_at, departments, query_hash, submitted_at,
       accepted_at, due_at, ended_at, head_seq, last_at, mandate, identity_index, open_demands, expires_at,
       status_since, corrections_answered, handed_over
        from cases
        where identity_index = g.giver_index and ('*' = any (g.covered) or bundle_code = any (g.covered))
          and (created_at, case_no) < (:before_at, :before_no)
         and (:statuses::text[] is null or status = any (:statuses)) and (:bundle::text is null or :bundle in (bundle, bundle_code))
        order by created_at desc, case_no desc limit :limit
    ) c
)
select * from own union select * from drafts union select * from theirs
order by created_at desc, case_no desc limit :limit

-- name: own_drafts
select case_no, region, bundle, channel, outlet, status, created_by, created_at, departments, query_hash, submitted_at,
       accepted_at, due_at, ended_at, head_seq, last_at, mandate, identity_index, open_demands, expires_at,
       status_since, corrections_answered, handed_over
from cases
where created_by = :subject and status = 'draft' and (created_at, case_no) < (:before_at, :before_no)
  and (:statuses::text[] is null or status = any (:statuses)) and (:bundle::text is null or :bundle in (bundle, bundle_code))
order by created_at desc, case_no desc limit :limit

-- name: to_confirm
-- Drafts in the caller's name that somebody else has written.
select case_no, region, bundle, channel, outlet, status, created_by, created_at, departments, query_hash, submitted_at,
       accepted_at, due_at, ended_at, head_seq, last_at, mandate, identity_index, open_demands, expires_at,
       status_since, corrections_answered, handed_over
from cases
where identity_index = :identity and status = 'draft' and created_by <> :subject
  and (created_at, case_no) < (:before_at, :before_no)
order by created_at desc, case_no desc limit :limit

-- name: reissue_code
select reissue_code(:case_no, :query_hash)

-- name: of_region
select case_no, region, bundle, channel, outlet, status, created_by, created_at, departments, query_hash, submitted_at,
       accepted_at, due_at, ended_at, head_seq, last_at, mandate, identity_index, open_demands, expires_at,
       status_since, corrections_answered, handed_over
from cases
where region = :region and (created_at, case_no) < (:before_at, :before_no)
  and (:statuses::text[] is null or status = any (:statuses)) and (:bundle::text is null or :bundle in (bundle, bundle_code))
order by created_at desc, case_no desc limit :limit

-- name: of_region_by_status
-- As `of_region`, a page of each of these statuses along the index: of a status that nobody has nothing is read.
select c.*
from unnest(:statuses::text[]) as of (status) cross join lateral (
    select case_no, region, bundle, channel, outlet, status, created_by, created_at, departments, query_hash, submitted_at,
           accepted_at, due_at, ended_at, head_seq, last_at, mandate, identity_index, open_demands, expires_at,
           status_since, corrections_answered, handed_over
    from cases
    where region = :region and status = of.status and (created_at, case_no) < (:before_at, :before_no)
      and (:bundle::text is null or :bundle in (bundle, bundle_code))
      and (not :corrections_answered::boolean or corrections_answered)
    order by created_at desc, case_no desc limit :limit
) c
order by c.created_at desc, c.case_no desc limit :limit

-- name: of_region_waiting
-- What waits for the counter or for the applicant, the longest first.
select c.*
from unnest(:statuses::text[]) as of (status) cross join lateral (
    select case_no, region, bundle, channel, outlet, status, created_by, created_at, departments, query_hash, submitted_at,
           accepted_at, due_at, ended_at, head_seq, last_at, mandate, identity_index, open_demands, expires_at,
           status_since, corrections_answered, handed_over
    from cases
    where region = :region and status = of.status and status in ('submitted', 'correction')
      and (status_since, case_no) > (:after_at, :after_no)
      and (:bundle::text is null or :bundle in (bundle, bundle_code))
      and (not :corrections_answered::boolean or corrections_answered)
    order by status_since, case_no limit :limit
) c
order by c.status_since, c.case_no limit :limit

-- name: of_region_pressing
-- Whose promise is late, or soon will be, the one due first at the head: of the few that the index has.
select case_no, region, bundle, channel, outlet, status, created_by, created_at, departments, query_hash, submitted_at,
       accepted_at, due_at, ended_at, head_seq, last_at, mandate, identity_index, open_demands, expires_at,
       status_since, corrections_answered, handed_over
from cases
where region = :region and pressing and due_at > :due_after and due_at <= :due_by
  and (due_at, case_no) > (:after_at, :after_no)
  and (:statuses::text[] is null or status = any (:statuses)) and (:bundle::text is null or :bundle in (bundle, bundle_code))
order by due_at, case_no limit :limit

-- name: of_outlets_pressing
select case_no, region, bundle, channel, outlet, status, created_by, created_at, departments, query_hash, submitted_at,
       accepted_at, due_at, ended_at, head_seq, last_at, mandate, identity_index, open_demands, expires_at,
       status_since, corrections_answered, handed_over
from cases
where outlet = any (:outlets) and pressing and due_at > :due_after and due_at <= :due_by
  and (due_at, case_no) > (:after_at, :after_no)
  and (:statuses::text[] is null or status = any (:statuses)) and (:bundle::text is null or :bundle in (bundle, bundle_code))
order by due_at, case_no limit :limit

-- name: pressing_counts
-- How many are late, and how many soon will be, each up to 1,001, which stands for "over 1,000".
select
    (select count(*) from (
        select from cases where region = :region and pressing and due_at <= :moment limit 1001) n) as overdue,
    (select count(*) from (
        select from cases where region = :region and pressing and due_at > :moment limit 1001) n) as soon

-- name: of_outlets
-- A page of each outlet along its index.
select c.*
from unnest(:outlets::text[]) as of (code) cross join lateral (
    select case_no, region, bundle, channel, outlet, status, created_by, created_at, departments, query_hash, submitted_at,
       accepted_at, due_at, ended_at, head_seq, last_at, mandate, identity_index, open_demands, expires_at,
       status_since, corrections_answered, handed_over
    from cases
    where outlet = of.code and (created_at, case_no) < (:before_at, :before_no)
      and (:statuses::text[] is null or status = any (:statuses)) and (:bundle::text is null or :bundle in (bundle, bundle_code))
    order by created_at desc, case_no desc limit :limit
) c
order by c.created_at desc, c.case_no desc limit :limit

-- name: of_outlets_by_status
-- As `of_region_by_status`, of each outlet.
select c.*
from unnest(:outlets::text[]) as at (code) cross join unnest(:statuses::text[]) as of (status) cross join lateral (
    select case_no, region, bundle, channel, outlet, status, created_by, created_at, departments, query_hash, submitted_at,
           accepted_at, due_at, ended_at, head_seq, last_at, mandate, identity_index, open_demands, expires_at,
           status_since, corrections_answered, handed_over
    from cases
    where outlet = at.code and status = of.status and (created_at, case_no) < (:before_at, :before_no)
      and (:bundle::text is null or :bundle in (bundle, bundle_code))
      and (not :corrections_answered::boolean or corrections_answered)
    order by created_at desc, case_no desc limit :limit
) c
order by c.created_at desc, c.case_no desc limit :limit

-- name: of_outlets_waiting
-- As `of_region_waiting`, of each outlet.
select c.*
from unnest(:outlets::text[]) as at (code) cross join unnest(:statuses::text[]) as of (status) cross join lateral (
    select case_no, region, bundle, channel, outlet, status, created_by, created_at, departments, query_hash, submitted_at,
           accepted_at, due_at, ended_at, head_seq, last_at, mandate, identity_index, open_demands, expires_at,
           status_since, corrections_answered, handed_over
    from cases
    where outlet = at.code and status = of.status and status in ('submitted', 'correction')
      and (status_since, case_no) > (:after_at, :after_no)
      and (:bundle::text is null or :bundle in (bundle, bundle_code))
      and (not :corrections_answered::boolean or corrections_answered)
    order by status_since, case_no limit :limit
) c
order by c.status_since, c.case_no limit :limit

-- name: inbox_counts
-- How many wait for a counter, each up to 1,001, which stands for "over 1,000".
select
    (select count(*) from (
        select from cases where region = :region and status = 'submitted' limit 1001) n) as submitted,
    (select count(*) from (
        select from cases where region = :region and status = 'submitted' and corrections_answered limit 1001) n) as answered,
    (select count(*) from (
        select from cases where region = :region and status = 'correction' limit 1001) n) as correction,
    (select count(*) from (
        select from cases where created_by = :subject and status = 'draft' limit 1001) n) as drafts

-- name: inbox_counts_of_outlets
select
    (select count(*) from (
        select from cases where outlet = any (:outlets) and status = 'submitted' limit 1001) n) as submitted,
    (select count(*) from (
        select from cases where outlet = any (:outlets) and status = 'submitted' and corrections_answered
        limit 1001) n) as answered,
    (select count(*) from (
        select from cases where outlet = any (:outlets) and status = 'correction' limit 1001) n) as correction,
    (select count(*) from (
        select from cases where created_by = :subject and status = 'draft' limit 1001) n) as drafts


-- name: use_of_bundles
select bundle, drafts, running from use_of_bundles()

-- name: of_ended_applicants
select case_no, region, bundle, channel, outlet, status, created_by, created_at, departments, query_hash, submitted_at,
       accepted_at, due_at, ended_at, head_seq, last_at, mandate, identity_index, open_demands, expires_at,
       status_since, corrections_answered, handed_over
from cases
where (:region::text is null or region = :region) and (:outlets::text[] is null or outlet = any (:outlets))
  and ended_at is null and status <> 'draft' and (created_at, case_no) < (:before_at, :before_no)
  and (:statuses::text[] is null or status = any (:statuses)) and (:bundle::text is null or :bundle in (bundle, bundle_code))
  and (:before_acceptance or accepted_at is not null)
  and exists (
      select from ended_persons p
      where p.identity_index = cases.identity_index and p.ended_at is not null and p.lifted_at is null
  )
order by created_at desc, case_no desc limit :limit

-- name: of_identity
select case_no, region, bundle, channel, outlet, status, created_by, created_at, departments, query_hash, submitted_at,
       accepted_at, due_at, ended_at, head_seq, last_at, mandate, identity_index, open_demands, expires_at,
       status_since, corrections_answered, handed_over
from cases
where identity_index = :identity_index and (created_at, case_no) < (:before_at, :before_no)
order by created_at desc, case_no desc limit :limit

-- name: save_draft
insert into drafts (case_no, version, body, at) values (:case_no, 1, :body, :at)

-- name: draft
select version, body, at from drafts where case_no = :case_no

-- name: applicants
-- Who applies in each of these, sealed as it is kept: of a draft, all that it says. `with_form`: of these, what is asked of
-- the application beside.
select v.case_no, v.name, v.body from sealed_values v join cases c using (case_no)
where v.case_no = any (:case_nos) and (:before_acceptance or c.accepted_at is not null)
  and (v.name = 'applicant' or (v.name = 'form' and v.case_no = any (:with_form)))
union all
select case_no, 'draft', body from drafts where case_no = any (:case_nos)

-- name: drafts
select d.case_no, d.body, d.at,
       array(select distinct m.code from material_files m where m.case_no = d.case_no) as files
from drafts d where d.case_no = any (:case_nos)

-- name: begun
-- As `of_applying`, of one bundle, what has not ended.
with own as (
    select case_no, region, bundle, channel, outlet, status, created_by, created_at, departments, query_hash, submitted_at,
       accepted_at, due_at, ended_at, head_seq, last_at, mandate, identity_index, open_demands, expires_at,
       status_since, corrections_answered, handed_over
    from cases
    where identity_index = :identity and ended_at is null and bundle_code = :bundle
    order by created_at desc, case_no desc limit :limit
), written as (
    select case_no, region, bundle, channel, outlet, status, created_by, created_at, departments, query_hash, submitted_at,
       accepted_at, due_at, ended_at, head_seq, last_at, mandate, identity_index, open_demands, expires_at,
       status_since, corrections_answered, handed_over
    from cases
    where created_by = :subject and status = 'draft' and bundle_code = :bundle
    order by created_at desc, case_no desc limit :limit
), givers as (
    select distinct giver_index from mandates
    where agent = :subject and revoked_at is null and expires_at >= (select actor_at()) and acts <> array['licences']
      and (bundles = '{}' or :bundle = any (bundles))
), theirs as (
    select c.*
    from givers g cross join lateral (
        select case_no, region, bundle, channel, outlet, status, created_by, created_at, departments, query_hash, submitted_at,
       accepted_at, due_at, ended_at, head_seq, last_at, mandate, identity_index, open_demands, expires_at,
       status_since, corrections_answered, handed_over
        from cases
        where identity_index = g.giver_index and ended_at is null and bundle_code = :bundle
        order by created_at desc, case_no desc limit :limit
    ) c
)
select * from own union select * from written union select * from theirs
order by created_at desc, case_no desc limit :limit

-- name: lock_draft
select version, body, at from drafts where case_no = :case_no for update

-- name: change_draft
update drafts set version = version + 1, body = :body, at = :at where case_no = :case_no and version = :version
returning version

-- name: change_draft_head
update cases set bundle = :bundle, channel = :channel, identity_index = :identity_index, departments = :departments
where case_no = :case_no and status = 'draft'

-- name: submit_draft_head
update cases set bundle = :bundle, channel = :channel, outlet = :outlet, identity_only = :identity_only, mandate = :mandate, expires_at = null
where case_no = :case_no and status = 'draft'

-- name: drop_draft
delete from drafts where case_no = :case_no

-- name: keep_until
update cases set expires_at = :expires_at where case_no = :case_no and status = 'draft'

-- name: delete_files
delete from material_files where case_no = :case_no

-- name: delete_head
delete from cases where case_no = :case_no and status = 'draft' returning case_no

-- name: expired_drafts
select case_no from cases where status = 'draft' and expires_at < :now order by expires_at limit 500 for update skip locked
