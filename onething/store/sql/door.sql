-- name: enter
select * from door_enter(:case_no, :task_id, :command_id)

-- name: plan
select body from plans where digest = :digest

-- name: calendar
select body from calendars where digest = :digest

-- name: record
-- Everything that follows from one visit, in one statement; the last select gives the door's role back. No row is both
-- written and changed here: what a visit opens and closes again arrives as closed.
with lines as (
    insert into journal (case_no, seq, at, kind, event, actor, prev_hash, hash)
    select :case_no, l.seq, l.at, l.kind, l.event::jsonb, l.actor::jsonb, l.prev_hash, l.hash
    from unnest(:line_seqs::int[], :line_ats::timestamptz[], :line_kinds::text[], :line_events::text[],
                :line_actors::text[], :line_prev_hashes::bytea[], :line_hashes::bytea[])
        as l (seq, at, kind, event, actor, prev_hash, hash)
), stated as (
    insert into case_state (case_no, schema, body) values (:case_no, :state_schema, :state)
    on conflict (case_no) do update set schema = excluded.schema, body = excluded.body
), headed as (
    update cases set
        status = :status, departments = :departments, submitted_at = :submitted_at, accepted_at = :accepted_at,
        due_at = :due_at, ended_at = :ended_at, next_wake_at = :next_wake_at, told_wake_at = :told_wake_at,
        head_seq = :head_seq, head_hash = :head_hash, last_at = :last_at
    where case_no = :case_no
), begun as (
    insert into commands (case_no, id, kind, target, status, patience_at, created_seq, created_at, outcome_seq)
    select :case_no, * from unnest(
        :new_ids::text[], :new_kinds::text[], :new_targets::text[], :new_statuses::text[], :new_patiences::timestamptz[],
        :new_seqs::int[], :new_ats::timestamptz[], :new_outcome_seqs::int[])
), settled as (
    update commands c set status = s.status, outcome_seq = s.outcome_seq
    from unnest(:settled_ids::text[], :settled_statuses::text[], :settled_seqs::int[]) as s (id, status, outcome_seq)
    where c.case_no = :case_no and c.id = s.id
), opened as (
    insert into tasks (task_id, kind, item, name, department, round, state, due_at, opened_at, closed_at, result,
                       case_no, region, bundle)
    select t.*, :case_no, :region, :bundle from unnest(
        :task_ids::text[], :task_kinds::text[], :task_items::text[], :task_names::text[], :task_departments::text[],
        :task_rounds::int[], :task_states::text[], :task_dues::timestamptz[], :task_opened_ats::timestamptz[],
        :task_closed_ats::timestamptz[], :task_results::text[]) as t
), closed as (
    update tasks t set state = c.state, result = c.result, closed_at = c.at, closed_by = c.by
    from unnest(:closed_ids::text[], :closed_states::text[], :closed_results::text[], :closed_ats::timestamptz[],
                :closed_bys::text[]) as c (task_id, state, result, at, by)
    where t.task_id = c.task_id
), claimed as (
    update tasks set claimed_by = :claimed_by, claimed_at = :claimed_at where task_id = :claim_of
), ledger as (
    insert into clock_ledger (case_no, seq, clock, what, at, due_at)
    select :case_no, * from unnest(
        :ledger_seqs::int[], :ledger_clocks::text[], :ledger_whats::text[], :ledger_ats::timestamptz[],
        :ledger_dues::timestamptz[])
), handed as (
    insert into handovers (case_no, seq, not_before)
    select :case_no, :head_seq, :now where :hand_over
    on conflict (case_no) do update set seq = excluded.seq, not_before = least(handovers.not_before, excluded.not_before)
), valued as (
    insert into sealed_values (case_no, name, departments, body, at)
    select :case_no, v.name, string_to_array(v.departments, ','), v.body, :now
    from unnest(:value_names::text[], :value_departments::text[], :value_bodies::bytea[]) as v (name, departments, body)
    on conflict (case_no, name) do update set departments = excluded.departments, body = excluded.body, at = excluded.at
        where not :late
), planned as (
    insert into plans (digest, body) select :plan_digest, :plan_body where :plan_digest::text is not null
    on conflict (digest) do nothing
)
select set_config('role', 'none', true)
