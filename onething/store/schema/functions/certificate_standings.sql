-- What the journal says of these certificates, for whoever shows one: that it was issued (else there is no row), which approvals
-- of its case were taken back since, which certificate took its place and why, and whether the chain of the case holds from the first line to the head. Nothing of it
-- comes from the table `certificates`, whose rows may be changed, taken away and put back.
-- Definer: who verifies a certificate, or finds a licence, sees nothing else of the case. Whoever asks knows the number whole.
-- The eight characters after the case are those of onething/domain/kernel/certificate_no.py.
-- Read from the lines themselves: the journal's other columns are made from them, as long as nobody says otherwise.
create function certificate_standings(of_numbers text[])
returns table (number text, intact boolean, revoked text[], revoked_at timestamptz[],
               replaced_at timestamptz, replaced_by text, replaced_why text)
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
    with lines as materialized (
        select j.case_no, j.seq, l.prev, l.event, public.line_moment(l.at) as at,
               sha256(convert_to(j.line, 'UTF8')) as hash
        from public.journal j
        cross join lateral json_to_record(j.line::json) as l (prev text, at text, event jsonb)
        where j.case_no in (select left(n, -8) from unnest(of_numbers) n)
    ), links as (
        select case_no, seq, hash, seq = row_number() over of_case
               and prev is not distinct from lag(encode(hash, 'hex'), 1, '') over of_case as holds
        from lines window of_case as (partition by case_no order by seq)
    ), chains as (
        select c.case_no, count(*) = c.head_seq and bool_and(k.holds)
               and bool_or(k.seq = c.head_seq and k.hash = c.head_hash) as intact
        from links k join public.cases c on c.case_no = k.case_no group by c.case_no
    ), issued as (
        select n as number, l.case_no, min(l.seq) as seq
        from unnest(of_numbers) n join lines l on l.case_no = left(n, -8)
        where l.event ->> 'kind' = 'certificates_issued' and l.event -> 'numbers' ? n
        group by n, l.case_no
    ), replacements as (
        select distinct on (i.number) i.number, l.at, l.event #>> array['replaces', i.number, 'by'] as by,
               l.event #>> array['replaces', i.number, 'why'] as why
        from issued i join lines l on l.case_no = i.case_no and l.seq > i.seq
        where l.event ->> 'kind' = 'certificates_issued' and l.event -> 'replaces' ? i.number
        order by i.number, l.seq
    )
    select i.number, coalesce(c.intact, false),
           coalesce(array_agg(r.event ->> 'item' order by r.seq) filter (where r.seq is not null), '{}'),
           coalesce(array_agg(r.at order by r.seq) filter (where r.seq is not null), '{}'),
           p.at, p.by, p.why
    from issued i
    left join replacements p on p.number = i.number
    left join chains c on c.case_no = i.case_no
    left join lines r on r.case_no = i.case_no and r.seq > i.seq
        and r.event ->> 'kind' = 'revocation_decided' and (r.event ->> 'revoke')::boolean
    group by i.number, c.intact, p.at, p.by, p.why
$$;
revoke all on function certificate_standings from public;
grant execute on function certificate_standings to onething_api;
