-- name: lines
select seq, at, kind, event, actor, prev_hash, hash from journal
where case_no = :case_no and seq > :after order by seq limit :limit

-- name: ledger
select seq, clock, what, at, due_at from clock_ledger where case_no = :case_no order by seq, clock, what

-- name: chain_head
select head_seq, head_hash from cases where case_no = :case_no

-- name: all_lines
select seq, at, kind, event, actor, prev_hash, hash from journal where case_no = :case_no order by seq
