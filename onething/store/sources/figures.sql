-- name: add
insert into source_figures as f (source, hour, seen, bucket, times)
select source, :hour, seen, bucket, times
from unnest(:sources::text[], :seen::text[], :buckets::smallint[], :times::bigint[]) as t (source, seen, bucket, times)
on conflict (source, hour, seen, bucket) do update set times = f.times + excluded.times

-- name: breakers
-- A breaker that has moved since counts from then.
insert into source_breakers as b (source, worker, state, since, told_at)
select source, :worker, state, :now, :now from unnest(:sources::text[], :states::text[]) as t (source, state)
on conflict (source, worker) do update set
    since = case when b.state = excluded.state then b.since else excluded.since end,
    state = excluded.state, told_at = excluded.told_at

-- name: closed
delete from source_breakers where worker = :worker and source <> all(:sources::text[])

-- name: forget
with breakers as (delete from source_breakers where told_at < :gone)
delete from source_figures where hour < :old

-- name: seen
select source, seen, bucket, sum(times)::bigint as times from source_figures
where source = any(:sources::text[]) and hour >= :since
group by 1, 2, 3

-- name: not_closed
-- The worst of each source: open before half open, and the oldest of these.
select distinct on (source) source, state, since, count(*) over (partition by source) as workers from source_breakers
where source = any(:sources::text[]) and told_at >= :fresh
order by source, state desc, since

-- name: pending
select bundle, data, pending, oldest, cut from look_ups_pending(:region, :at_most)
