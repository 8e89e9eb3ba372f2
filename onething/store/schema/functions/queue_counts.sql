-- How many tasks of a department's queue there are of a filter, and how many open ones each view has: as many as 1,001, which
-- stands for "over 1,000". For the department's own people. As its owner, since under the policies of tasks each of the counts
-- would be planned with all that these look up; `stable`, so of the moment of the query that asks.
-- `tomorrow`: when the day of `moment` ends. The filter as in tables/tasks.sql; of closed tasks it has no due date, flags, or
-- claims.
create function queue_counts(
    of_department text, in_region text, of_subject text, moment timestamptz, tomorrow timestamptz, are_open boolean,
    of_bundle text, of_item text, of_holder text, unclaimed_only boolean, with_flags text[], due_from timestamptz,
    due_until timestamptz, of_cases text[]
)
returns table (
    total bigint, mine bigint, due_today bigint, unclaimed bigint, urged bigint, suspended bigint, overdue bigint,
    everything bigint
)
language sql stable rows 1 security definer set search_path = pg_catalog, public, pg_temp
-- read up to the limit along an index, whatever is guessed of how many there are
set enable_seqscan = off set enable_bitmapscan = off as $$
    select
        case when are_open then (select count(*) from (
            select from public.tasks t
            where t.state = 'open' and t.department = of_department and t.region = in_region
              and t.queue_at >= due_from and t.queue_at < due_until
              and (of_bundle is null or t.bundle_code = of_bundle) and (of_item is null or t.item = of_item)
              and (of_holder is null or t.claimed_by = of_holder) and (not unclaimed_only or t.claimed_by is null)
              and (with_flags is null or (t.flags <> '{}' and t.flags @> with_flags))
              and (of_cases is null or t.case_no = any (of_cases))
            limit 1001) counted)
        else (select count(*) from (
            select from public.tasks t
            where t.state <> 'open' and t.department = of_department and t.region = in_region
              and (of_bundle is null or t.bundle_code = of_bundle) and (of_item is null or t.item = of_item)
              and (of_holder is null or t.closed_by = of_holder)
              and (of_cases is null or t.case_no = any (of_cases))
            limit 1001) counted)
        end,
        (select count(*) from (
            select from public.tasks t
            where t.state = 'open' and t.department = of_department and t.region = in_region
              and t.claimed_by = of_subject
            limit 1001) counted),
        (select count(*) from (
            select from public.tasks t
            where t.state = 'open' and t.department = of_department and t.region = in_region
              and t.queue_at >= moment and t.queue_at < tomorrow
            limit 1001) counted),
        (select count(*) from (
            select from public.tasks t
            where t.state = 'open' and t.department = of_department and t.region = in_region
              and t.claimed_by is null
            limit 1001) counted),
        (select count(*) from (
            select from public.tasks t
            where t.state = 'open' and t.department = of_department and t.region = in_region
              and t.flags <> '{}' and t.flags @> '{urged}'
            limit 1001) counted),
        (select count(*) from (
            select from public.tasks t
            where t.state = 'open' and t.department = of_department and t.region = in_region
              and t.flags <> '{}' and t.flags @> '{suspended}'
            limit 1001) counted),
        (select count(*) from (
            select from public.tasks t
            where t.state = 'open' and t.department = of_department and t.region = in_region
              and t.queue_at < moment
            limit 1001) counted),
        (select count(*) from (
            select from public.tasks t
            where t.state = 'open' and t.department = of_department and t.region = in_region
            limit 1001) counted)
    where (select public.actor_role()) in ('officer', 'leader')
      and (select public.actor_department()) = of_department and (select public.actor_region()) = in_region
$$;
revoke all on function queue_counts from public;
grant execute on function queue_counts to onething_api;
