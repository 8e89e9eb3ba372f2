-- Departments' systems call back: they see which orders they were given in the cases of their department.

create policy ordered on commands for select to onething_api using (
    (select actor_role()) = 'department_system' and kind = 'dispatch_item'
    and exists (select from cases c where c.case_no = commands.case_no)
);
