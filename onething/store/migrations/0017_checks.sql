-- A promise in place of a material (告知承诺) that has to be checked is a task of the department that relied on it.

alter table tasks drop constraint tasks_kind_check;
alter table tasks add constraint tasks_kind_check check (kind in ('decide', 'undo', 'consult', 'check'));

-- Those that are being checked by now: by the department of the item that was the first to be approved on the promise.
insert into tasks (task_id, case_no, kind, item, name, department, region, bundle, round, state, due_at, opened_at)
select distinct on (c.case_no, m.code)
    c.case_no || '-' || m.code || '.check-1', c.case_no, 'check', t.item, m.code || '.check', t.department, c.region,
    c.bundle, 1, 'open', (m.clock ->> 'due_at')::timestamptz, t.closed_at
from case_state s
join cases c on c.case_no = s.case_no
cross join lateral (
    select p.key as code, s.body::jsonb -> 'clocks' -> ('check:' || p.key) as clock
    from jsonb_each_text(s.body::jsonb -> 'commitments') p
    where p.value = 'checking'
) m
join plans on plans.digest = s.body::jsonb ->> 'plan'
cross join lateral jsonb_array_elements(plans.body::jsonb -> 'items') i
join tasks t on t.case_no = c.case_no and t.kind = 'decide' and t.item = i ->> 'code' and t.result = 'approve'
where s.body like '%"checking"%' and i -> 'needs_materials' ? m.code
order by c.case_no, m.code, t.closed_at, t.task_id;
