-- Departments' systems call back about what they were to undo, as about their orders.

alter policy ordered on commands using (
    (select actor_role()) = 'department_system' and kind in ('dispatch_item', 'undo_effect')
    and exists (select from cases c where c.case_no = commands.case_no)
);
