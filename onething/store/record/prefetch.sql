-- name: ahead
-- What was answered before enters nothing, nor does a draft: that is locked as a draft first; nor what the caller does not
-- see, which the rows beside it tell, so that the policies are asked once. Column names repeat those of the queries
-- whose rows they are: `idempotency.answered`, `tasks.get`, `cases.head` and `case_writer.enter`, in that order.
select a.request_digest, a.status, a.response,
       t.task_id, t.case_no, t.kind, t.item, t.name, t.department, t.region, t.bundle, t.round, t.state, t.due_at,
       t.opened_at, t.closed_at, t.claimed_by, t.claimed_at, t.closed_by, t.result, t.flags, t.supervised_due_at,
       t.statutory_due_at,
       c.case_no, c.region, c.bundle, c.channel, c.outlet, c.status, c.created_by, c.created_at, c.departments,
       c.query_hash, c.submitted_at, c.accepted_at, c.due_at, c.ended_at, c.head_seq, c.last_at,
       c.mandate, c.identity_index,
       e.*
from (select 1) as always
left join idempotency a on a.caller = :caller and a.route = :scope and a.key = :key
left join tasks t on t.task_id = :task_id
left join cases c on c.case_no = :case_no
left join lateral enter_case(
    case
        when a.key is null and c.status <> 'draft' and (:task_id::text is null or t.task_id is not null) then c.case_no
    end,
    :task_id, null, true
) as e on true
