-- name: last
select number, digest from anchors order by number desc limit 1

-- name: all_digests
select number, digest from anchors order by number

-- name: unanchored
-- Of the ended ones no more than can be taken: when anchoring begins late, all that ever ended are waiting.
select case_no, head_seq, head_hash from (
    select c.case_no, c.head_seq, c.head_hash
    from cases c left join anchored_heads a using (case_no)
    where c.ended_at is null and c.head_seq > 0 and c.head_seq is distinct from a.seq
    union all
    select c.case_no, c.head_seq, c.head_hash
    from (select case_no from ended_unanchored order by case_no limit :limit) ended join cases c using (case_no)
    where c.ended_at is not null
) changed
order by case_no limit :limit

-- name: keep
insert into anchors (number, at, digest, key_id, signature, heads)
values (:number, :at, :digest, :key_id, :signature, :heads)
on conflict (number) do nothing

-- name: remember
-- How far each case under way is anchored. One that has ended meanwhile has its row in ended_unanchored instead.
insert into anchored_heads (case_no, seq)
select a.case_no, a.seq
from unnest(:case_nos::text[], :seqs::int[]) as a (case_no, seq) join cases c using (case_no)
where c.ended_at is null
on conflict (case_no) do update set seq = excluded.seq

-- name: forget_ended
-- One that was reopened before its end was anchored is compared again, and waits no more.
with anchored as (
    select a.case_no, a.seq, c.ended_at
    from unnest(:case_nos::text[], :seqs::int[]) as a (case_no, seq) join cases c using (case_no)
), no_longer_under_way as (
    delete from anchored_heads h using anchored a where h.case_no = a.case_no and a.ended_at is not null
)
delete from ended_unanchored e using anchored a where e.case_no = a.case_no and e.seq <= a.seq

-- name: present
-- What the record holds of lines that were anchored; null where the line or the case is gone.
select a.case_no, a.seq, j.hash, c.head_seq
from unnest(:case_nos::text[], :seqs::int[]) as a (case_no, seq)
left join journal j using (case_no, seq)
left join cases c using (case_no)
order by a.case_no
