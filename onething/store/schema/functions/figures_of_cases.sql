-- What cases add to the figures of their region, each amount at a day: the one place that says what is counted and when.
-- A function of what stands in the tables now, so that whoever keeps sums can take away what it gave before.
--
-- An item is its department's and its bundle's by its decide task, the latest where it came back; without an item it is
-- the whole case's, of no department ('') and bundle. Days are local. Of demands (`demanded_…`) `previous` is the day
-- of the one before for the same item, since a period counts items and not demands.
create function figures_of_cases(wanted text[])
returns table (case_no text, region text, department text, bundle text, item text, day date, previous date,
               figure text, amount bigint)
language sql stable as $$
    with decided as (
        -- by a person or a department's system; what has no due date counts as decided only
        select t.case_no, t.region, t.department, t.bundle_code as bundle, t.item, t.opened_at, t.closed_at, t.due_at,
               (t.closed_at at time zone 'Asia/Shanghai')::date as day,
               (t.due_at at time zone 'Asia/Shanghai')::date as due_on, c.channel, c.identity_only
        from public.tasks t join public.cases c on c.case_no = t.case_no
        where t.case_no = any (wanted) and t.kind = 'decide' and t.state = 'done'
    ), held_by as (
        select distinct on (t.case_no, t.item) t.case_no, t.item, t.department, t.bundle_code as bundle
        from public.tasks t where t.case_no = any (wanted) and t.kind = 'decide'
        order by t.case_no, t.item, t.round desc
    ), said as (
        select j.case_no, j.seq, j.at, j.kind, j.event
        from public.journal j
        where j.case_no = any (wanted)
          and j.kind in ('item_returned', 'corrections_asked', 'item_corrections_asked', 'supplemented',
                         'accepted', 'deemed_accepted', 'rejected', 'rated')
    ), demanded as (
        select d.case_no, d.item, d.day, lag(d.day) over nth as previous, row_number() over nth as times
        from (
            select s.case_no, s.event ->> 'item' as item, s.seq, (s.at at time zone 'Asia/Shanghai')::date as day
            from said s where s.kind in ('corrections_asked', 'item_corrections_asked')
        ) d
        window nth as (partition by d.case_no, d.item order by d.seq)
    ), counted as (
        select d.case_no, d.region, d.department, d.bundle, d.item, d.day, null::date as previous, f.figure, f.amount
        from decided d
        cross join lateral (
            -- a pause lasts from its suspending to its resuming, and at most to the decision: the difference of what
            -- is left after each
            select count(*) filter (where l.kind = 'item' and l.what = 'met') as met,
                   count(*) filter (where l.kind = 'item' and l.what = 'missed') as missed,
                   count(*) filter (where l.kind = 'item:statutory' and l.what = 'extended') as extensions,
                   sum(case l.what when 'suspended' then d.closed_at - l.at else l.at - d.closed_at end)
                       filter (where l.kind = 'item' and l.what in ('suspended', 'resumed')) as paused,
                   sum(case l.what when 'suspended' then d.closed_at - l.at else l.at - d.closed_at end)
                       filter (where l.kind = 'item:statutory' and l.what in ('suspended', 'resumed')) as law_paused
            from public.clock_ledger l
            where l.case_no = d.case_no and l.kind in ('item', 'item:statutory') and l.subject = d.item
              and l.at >= d.opened_at and l.at <= d.closed_at
        ) l
        cross join lateral (
            values
                ('decided', 1::bigint),
                ('dated', (d.due_at is not null)::int),
                -- on an earlier day than the one promised
                ('early', coalesce(d.day < d.due_on, false)::int),
                ('met', l.met),
                ('missed', l.missed),
                ('extensions', l.extensions),
                ('held_us', (extract(epoch from d.closed_at - d.opened_at) * 1000000)::bigint),
                ('paused_us', (extract(epoch from l.paused) * 1000000)::bigint),
                ('law_paused_us', (extract(epoch from l.law_paused) * 1000000)::bigint),
                ('by_' || d.channel, 1),
                -- no paper was asked for at submission, and none brought later
                ('identity_only', (coalesce(d.identity_only, false) and not exists (
                    select from said s
                    where s.case_no = d.case_no and s.kind = 'supplemented'
                      and jsonb_array_length(coalesce(s.event -> 'materials', '[]')) > 0
                ))::int)
        ) f (figure, amount)
        union all
        -- whether or not decided since, but for those that were taken back
        select r.case_no, r.region, coalesce(h.department, ''), coalesce(h.bundle, ''), coalesce(r.item, ''),
               (r.at at time zone 'Asia/Shanghai')::date, null, r.card, 1
        from public.rungs r left join held_by h on h.case_no = r.case_no and h.item = r.item
        where r.case_no = any (wanted) and r.card is not null and r.taken_back_at is null
          and (r.item is null or h.item is not null)
        union all
        -- how often it was sent back to its department, whether or not decided since
        select s.case_no, c.region, h.department, h.bundle, h.item, (s.at at time zone 'Asia/Shanghai')::date, null,
               'returned', 1
        from said s
        join held_by h on h.case_no = s.case_no and h.item = s.event ->> 'earlier'
        join public.cases c on c.case_no = s.case_no
        where s.kind = 'item_returned'
        union all
        -- notices that say what is missing; before acceptance they are the counter's, of no department
        select d.case_no, c.region, coalesce(h.department, ''), coalesce(h.bundle, ''), coalesce(d.item, ''), d.day,
               d.previous, 'demanded_' || case d.times when 1 then 'first' when 2 then 'second' else 'later' end, 1
        from demanded d
        left join held_by h on h.case_no = d.case_no and h.item = d.item
        join public.cases c on c.case_no = d.case_no
        where d.item is null or h.item is not null
        union all
        -- 一次受理: of what somebody brought to a counter, by the day that they came, what the first word on it was
        select c.case_no, c.region, '', '', '', (c.submitted_at at time zone 'Asia/Shanghai')::date, null, v.figure, 1
        from (
            select distinct on (s.case_no) s.case_no, s.kind in ('accepted', 'deemed_accepted') as accepted
            from said s where s.kind in ('accepted', 'deemed_accepted', 'corrections_asked', 'rejected')
            order by s.case_no, s.seq
        ) f
        join public.cases c on c.case_no = f.case_no and c.channel = 'counter'
        left join public.prechecks p on p.case_no = f.case_no and p.answered_at is not null
        cross join lateral (
            values ('first_visits', true), ('first_accepted', f.accepted),
                   ('prechecked_visits', p.case_no is not null),
                   ('prechecked_accepted', p.case_no is not null and f.accepted)
        ) v (figure, counts)
        where v.counts
        union all
        -- 好差评 of whole cases: what is said of visits is summed up apart, so that nobody counts twice for one thing
        select s.case_no, c.region, '', '', '', (s.at at time zone 'Asia/Shanghai')::date, null, v.figure, 1
        from said s
        join public.cases c on c.case_no = s.case_no
        cross join lateral (
            values ('rated', true), ('badly_rated', (s.event ->> 'grade')::int <= 2)
        ) v (figure, counts)
        where s.kind = 'rated' and v.counts
    )
    select c.case_no, c.region, c.department, c.bundle, c.item, c.day, c.previous, c.figure, sum(c.amount)::bigint
    from counted c
    group by c.case_no, c.region, c.department, c.bundle, c.item, c.day, c.previous, c.figure
    having sum(c.amount) <> 0
$$;
