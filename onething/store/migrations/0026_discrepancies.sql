-- Values of several sources that disagree are a task of the department that owns the first of them.

alter table tasks drop constraint tasks_kind_check;
alter table tasks add constraint tasks_kind_check check (kind in ('decide', 'undo', 'consult', 'check', 'discrepancy'));
