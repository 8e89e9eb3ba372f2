-- Figures of a region's departments, summed up over days (both counted): of its supervisor, and of a leader for the own
-- department. From the kept sums, and from what cases with lines that are not folded yet have changed since: exact at any
-- moment, for one statement sees one snapshot of both. Rows are to be added up. Whole cases ('') are the supervisor's.
-- Definer, since under the policies each line and task would be looked at once more.
create function region_figures(in_region text, departments text[], first_day date, last_day date)
returns table (department text, bundle text, item text, amounts jsonb)
language sql stable security definer set search_path = pg_catalog, public, pg_temp
-- a third of the journal is guessed to be past the place, where its last pages are
set enable_seqscan = off as $$
    with shown as (
        select case
            when public.actor_region() <> in_region then '{}'::text[]
            when public.actor_role() = 'supervisor' then departments || array['']
            when public.actor_role() = 'leader' and public.actor_department() = any (departments)
                then array[public.actor_department()]
            else '{}'::text[]
        end as departments
    ), touched as (
        select array(
            select distinct j.case_no from public.journal j
            where j.landed >= (select p.landed from public.figures_position p) and j.region = in_region
        ) as cases
    ), not_folded as materialized (
        select n.department, n.bundle, n.item, n.day, n.previous, n.figure, n.amount
        from public.figures_of_cases((select t.cases from touched t)) n
        union all
        select u.department, u.bundle, u.item, u.day, u.previous, u.figure, -u.amount
        from public.figures_taken_up((select t.cases from touched t)) u
    ), demanded as (
        select d.department, d.bundle, d.item, d.day, d.previous, d.demand, d.times
        from public.daily_demands d
        where d.region = in_region and d.department = any ((select s.departments from shown s)::text[])
          and d.day between first_day and last_day
        union all
        select n.department, n.bundle, n.item, n.day, coalesce(n.previous, '-infinity'), n.figure, n.amount
        from not_folded n
        where n.figure like 'demanded%' and n.department = any ((select s.departments from shown s)::text[])
          and n.day between first_day and last_day
    ), kept as (
        select d.department, d.bundle, d.item,
               sum(d.decided) as decided, sum(d.dated) as dated, sum(d.early) as early, sum(d.met) as met,
               sum(d.missed) as missed, sum(d.extensions) as extensions, sum(d.held_us) as held_us,
               sum(d.paused_us) as paused_us, sum(d.law_paused_us) as law_paused_us, sum(d.yellow) as yellow,
               sum(d.red) as red, sum(d.returned) as returned, sum(d.identity_only) as identity_only,
               sum(d.by_online) as by_online, sum(d.by_phone) as by_phone, sum(d.by_counter) as by_counter,
               sum(d.by_agent) as by_agent, sum(d.by_event) as by_event,
               sum(d.first_visits) as first_visits, sum(d.first_accepted) as first_accepted,
               sum(d.prechecked_visits) as prechecked_visits, sum(d.prechecked_accepted) as prechecked_accepted,
               sum(d.rated) as rated, sum(d.badly_rated) as badly_rated
        from public.daily_figures d
        where d.region = in_region and d.department = any ((select s.departments from shown s)::text[])
          and d.day between first_day and last_day
        group by d.department, d.bundle, d.item
    )
    select k.department, k.bundle, k.item, to_jsonb(k) - array['department', 'bundle', 'item'] from kept k
    union all
    select n.department, n.bundle, n.item, jsonb_build_object(n.figure, sum(n.amount))
    from not_folded n
    where n.figure not like 'demanded%' and n.department = any ((select s.departments from shown s)::text[])
      and n.day between first_day and last_day
    group by n.department, n.bundle, n.item, n.figure
    union all
    -- An item with two demands is one item: counted with its first of the period. It had one before unless that was the
    -- first of all, and no second has come by the last day.
    select d.department, d.bundle, d.item, jsonb_build_object(
        'corrected', coalesce(sum(d.times) filter (where d.previous < first_day), 0),
        'corrected_again', coalesce(sum(d.times) filter (where d.previous < first_day), 0)
            - coalesce(sum(d.times) filter (where d.demand = 'demanded_first'), 0)
            + coalesce(sum(d.times) filter (where d.demand = 'demanded_second' and d.previous >= first_day), 0))
    from demanded d
    group by d.department, d.bundle, d.item
$$;
revoke all on function region_figures from public;
grant execute on function region_figures to onething_api;
