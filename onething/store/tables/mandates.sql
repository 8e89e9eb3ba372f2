-- name: add
insert into mandates (id, giver_index, agent, kind, bundles, acts, region, outlet, recorded_by, paper, given_at,
                      expires_at, body)
values (:id, :giver_index, :agent, :kind, :bundles, :acts, :region, :outlet, :recorded_by, :paper, :given_at,
        :expires_at, :body)

-- name: get
select id, giver_index, agent, kind, bundles, acts, region, outlet, recorded_by, paper, given_at, expires_at, revoked_at,
       ended_by, agent_index, body
from mandates where id = :id

-- name: page
select id, giver_index, agent, kind, bundles, acts, region, outlet, recorded_by, paper, given_at, expires_at, revoked_at,
       ended_by, agent_index, body
from mandates
where (given_at, id) < (:before_at, :before_id)
order by given_at desc, id desc limit :limit

-- name: revoke
update mandates set revoked_at = :at where id = :id and revoked_at is null returning id

-- name: take_up
select take_up_mandate(:id)

-- name: cases
select case_no from cases where mandate = :id order by created_at desc limit :limit

-- name: to_look
select id, giver_index, agent, kind, bundles, acts, region, outlet, recorded_by, paper, given_at, expires_at, revoked_at,
       ended_by, agent_index, body
from mandates where giver_index = :giver_index and agent = :agent and 'licences' = any (acts)
order by (revoked_at is null) desc, expires_at desc, id limit :limit

-- name: between
-- All between the two for a bundle, those that hold and end last first.
select id, giver_index, agent, kind, bundles, acts, region, outlet, recorded_by, paper, given_at, expires_at, revoked_at,
       ended_by, agent_index, body
from mandates
where agent = :agent and giver_index = :giver_index and (bundles = '{}' or :bundle = any (bundles))
order by (revoked_at is null) desc, expires_at desc, id limit :limit

-- name: lapsed
select lapsed_mandate(:case_no)

-- name: ring
select pg_notify('onething_case', '')
