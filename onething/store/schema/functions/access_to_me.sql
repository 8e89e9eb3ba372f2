-- Who looked at what is the caller's, newest first: lines about the number that they have proved, and about cases of which they
-- are the applicant. As owner: the log is auditors' to read, and a policy that asked for cases would be asked of every line. A
-- page of each case along its index. `subject` opens the reason, which is sealed for who gave it; alarms are auditors'.
create function access_to_me(before_at timestamptz, before_id bigint, own_too boolean, at_most integer)
returns table (id bigint, at timestamptz, own boolean, subject text, role text, department text, region text, outlet text,
               act text, case_no text, reason bytea, outcome text, times integer)
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
    with about_number as (
        select a.id, a.at, a.subject, a.role, a.department, a.region, a.outlet, a.act, a.case_no, a.reason, a.outcome, a.times
        from public.access_log a
        where a.whose = public.actor_identity() and (a.at, a.id) < (before_at, before_id)
            and a.outcome <> 'alarm' and (own_too or a.subject <> public.actor_subject())
        order by a.at desc, a.id desc limit at_most
    ), about_cases as (
        select l.id, l.at, l.subject, l.role, l.department, l.region, l.outlet, l.act, l.case_no, l.reason, l.outcome, l.times
        from public.cases c cross join lateral (
            select * from public.access_log a
            where a.case_no = c.case_no and (a.at, a.id) < (before_at, before_id)
                and a.outcome <> 'alarm' and (own_too or a.subject <> public.actor_subject())
            order by a.at desc, a.id desc limit at_most
        ) l
        where c.identity_index = public.actor_identity()
    )
    select b.id, b.at, b.subject = public.actor_subject(), b.subject, b.role, b.department, b.region, b.outlet, b.act,
           b.case_no, b.reason, b.outcome, b.times
    from (select * from about_number union select * from about_cases) b
    where public.actor_role() in ('citizen', 'agent')
    order by b.at desc, b.id desc limit at_most
$$;
revoke all on function access_to_me from public;
grant execute on function access_to_me to onething_api;
