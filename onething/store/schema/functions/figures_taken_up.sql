-- What these cases added to the kept figures when they were last taken up.
create function figures_taken_up(wanted text[])
returns table (case_no text, region text, department text, bundle text, item text, day date, previous date,
               figure text, amount bigint)
language sql stable as $$
    select k.case_no, k.region, l.department, l.bundle, l.item, l.day, l.previous, a.key, a.value::bigint
    from public.figured_cases k
    cross join lateral jsonb_to_recordset(k.added) as l (
        department text, bundle text, item text, day date, previous date, amounts jsonb)
    cross join lateral jsonb_each_text(l.amounts) a
    where k.case_no = any (wanted)
$$;
