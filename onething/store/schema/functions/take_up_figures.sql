-- Adds to the kept figures what cases have changed in them, and notes what each has added by now. One snapshot, by one
-- statement; who calls it is the only one (see fold_figures.sql), so that no row of a day is ever waited for.
create function take_up_figures(wanted text[]) returns void
language sql as $$
    with now as materialized (
        select * from public.figures_of_cases(wanted)
    ), changed as materialized (
        select c.region, c.department, c.bundle, c.item, c.day, c.previous, c.figure, sum(c.amount)::bigint as amount
        from (
            select n.region, n.department, n.bundle, n.item, n.day, n.previous, n.figure, n.amount from now n
            union all
            select t.region, t.department, t.bundle, t.item, t.day, t.previous, t.figure, -t.amount
            from public.figures_taken_up(wanted) t
        ) c
        group by c.region, c.department, c.bundle, c.item, c.day, c.previous, c.figure
        having sum(c.amount) <> 0
    ), by_day as (
        insert into public.daily_figures as d (
            region, department, day, bundle, item, decided, dated, early, met, missed, extensions, held_us, paused_us,
            law_paused_us, yellow, red, returned, identity_only, by_online, by_phone, by_counter, by_agent, by_event,
            first_visits, first_accepted, prechecked_visits, prechecked_accepted, rated, badly_rated)
        select c.region, c.department, c.day, c.bundle, c.item,
               coalesce(sum(c.amount) filter (where c.figure = 'decided'), 0),
               coalesce(sum(c.amount) filter (where c.figure = 'dated'), 0),
               coalesce(sum(c.amount) filter (where c.figure = 'early'), 0),
               coalesce(sum(c.amount) filter (where c.figure = 'met'), 0),
               coalesce(sum(c.amount) filter (where c.figure = 'missed'), 0),
               coalesce(sum(c.amount) filter (where c.figure = 'extensions'), 0),
               coalesce(sum(c.amount) filter (where c.figure = 'held_us'), 0),
               coalesce(sum(c.amount) filter (where c.figure = 'paused_us'), 0),
               coalesce(sum(c.amount) filter (where c.figure = 'law_paused_us'), 0),
               coalesce(sum(c.amount) filter (where c.figure = 'yellow'), 0),
               coalesce(sum(c.amount) filter (where c.figure = 'red'), 0),
               coalesce(sum(c.amount) filter (where c.figure = 'returned'), 0),
               coalesce(sum(c.amount) filter (where c.figure = 'identity_only'), 0),
               coalesce(sum(c.amount) filter (where c.figure = 'by_online'), 0),
               coalesce(sum(c.amount) filter (where c.figure = 'by_phone'), 0),
               coalesce(sum(c.amount) filter (where c.figure = 'by_counter'), 0),
               coalesce(sum(c.amount) filter (where c.figure = 'by_agent'), 0),
               coalesce(sum(c.amount) filter (where c.figure = 'by_event'), 0),
               coalesce(sum(c.amount) filter (where c.figure = 'first_visits'), 0),
               coalesce(sum(c.amount) filter (where c.figure = 'first_accepted'), 0),
               coalesce(sum(c.amount) filter (where c.figure = 'prechecked_visits'), 0),
               coalesce(sum(c.amount) filter (where c.figure = 'prechecked_accepted'), 0),
               coalesce(sum(c.amount) filter (where c.figure = 'rated'), 0),
               coalesce(sum(c.amount) filter (where c.figure = 'badly_rated'), 0)
        from changed c where c.figure not like 'demanded%'
        group by c.region, c.department, c.day, c.bundle, c.item
        on conflict (region, department, day, bundle, item) do update set
            decided = d.decided + excluded.decided, dated = d.dated + excluded.dated, early = d.early + excluded.early,
            met = d.met + excluded.met, missed = d.missed + excluded.missed,
            extensions = d.extensions + excluded.extensions, held_us = d.held_us + excluded.held_us,
            paused_us = d.paused_us + excluded.paused_us, law_paused_us = d.law_paused_us + excluded.law_paused_us,
            yellow = d.yellow + excluded.yellow, red = d.red + excluded.red, returned = d.returned + excluded.returned,
            identity_only = d.identity_only + excluded.identity_only, by_online = d.by_online + excluded.by_online,
            by_phone = d.by_phone + excluded.by_phone, by_counter = d.by_counter + excluded.by_counter,
            by_agent = d.by_agent + excluded.by_agent, by_event = d.by_event + excluded.by_event,
            first_visits = d.first_visits + excluded.first_visits,
            first_accepted = d.first_accepted + excluded.first_accepted,
            prechecked_visits = d.prechecked_visits + excluded.prechecked_visits,
            prechecked_accepted = d.prechecked_accepted + excluded.prechecked_accepted,
            rated = d.rated + excluded.rated, badly_rated = d.badly_rated + excluded.badly_rated
    ), of_demands as (
        insert into public.daily_demands as d (region, department, day, bundle, item, previous, demand, times)
        select c.region, c.department, c.day, c.bundle, c.item, coalesce(c.previous, '-infinity'), c.figure, c.amount
        from changed c where c.figure like 'demanded%'
        on conflict (region, department, day, bundle, item, previous, demand)
            do update set times = d.times + excluded.times
    ), without as (
        delete from public.figured_cases k
        where k.case_no = any (wanted) and not exists (select from now n where n.case_no = k.case_no)
    )
    insert into public.figured_cases as k (case_no, region, added)
    select l.case_no, l.region, jsonb_agg(
               jsonb_strip_nulls(jsonb_build_object(
                   'department', l.department, 'bundle', l.bundle, 'item', l.item, 'day', l.day,
                   'previous', l.previous, 'amounts', l.amounts))
               order by l.day, l.department, l.item, l.previous)
    from (
        select n.case_no, n.region, n.department, n.bundle, n.item, n.day, n.previous,
               jsonb_object_agg(n.figure, n.amount) as amounts
        from now n
        group by n.case_no, n.region, n.department, n.bundle, n.item, n.day, n.previous
    ) l
    group by l.case_no, l.region
    on conflict (case_no) do update set added = excluded.added where k.added <> excluded.added
$$;
