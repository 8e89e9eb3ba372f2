-- Whose values of the case the caller's department may read beside its own: the departments that asked it, of the items
-- that they asked about, until it has answered or nobody waits for it.
create function asked_by(of_case text) returns text[]
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
    select coalesce(array_agg(d.department), '{}')
    from public.tasks c join public.tasks d on d.case_no = c.case_no and d.item = c.item and d.kind = 'decide'
    where c.case_no = of_case and c.kind = 'consult' and c.state = 'open'
      and c.department = public.actor_department() and c.region = public.actor_region()
$$;
revoke all on function asked_by from public;
grant execute on function asked_by to onething_api;
