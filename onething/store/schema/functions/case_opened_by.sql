-- Which departments' people have opened a case since a moment, and when first: whoever urged may know that it was read, and
-- nobody by name. As owner: the log is auditors' to read. Who asks sees the case: the query starts from it.
create function case_opened_by(of_case text, since timestamptz) returns table (department text, at timestamptz)
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
    select a.department, min(a.at)
    from public.access_log a
    where a.case_no = of_case and a.at > since and a.outcome = 'done' and a.act in ('view_case', 'view_task')
      and a.role in ('officer', 'leader') and a.department is not null
      and public.actor_role() in ('citizen', 'agent', 'counter', 'supervisor')
    group by a.department
$$;
revoke all on function case_opened_by from public;
grant execute on function case_opened_by to onething_api;
