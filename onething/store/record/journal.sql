-- name: lines
select seq, at, kind, event, actor from journal
where case_no = :case_no and seq > :after order by seq limit :limit

-- name: line
select seq, at, kind, event, actor from journal where case_no = :case_no and seq = :seq

-- name: of_kinds
select seq, at, kind, event, actor from journal
where case_no = :case_no and kind = any (:kinds) order by seq desc limit :limit

-- name: ledger
select seq, clock, what, at, due_at, due_before from clock_ledger where case_no = :case_no order by seq, clock, what

-- name: chain_head
select head_seq, head_hash from cases where case_no = :case_no

-- name: all_lines
select seq, at, kind, event, actor, line from journal where case_no = :case_no order by seq

-- name: chains
-- One statement, so that head and lines are of one moment while cases go on.
with batch as (
    select case_no, head_seq, head_hash from cases where case_no > :after order by case_no limit :limit
)
select b.case_no, b.head_seq, b.head_hash, j.seq, j.at, j.kind, j.event, j.actor, j.line
from batch b left join journal j using (case_no)
order by b.case_no, j.seq

-- name: how_many_cases
select count(*) from cases
