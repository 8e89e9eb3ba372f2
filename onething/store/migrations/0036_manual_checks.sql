-- People of the department that owns data look for a record that its source did not give: a task of theirs.

alter table tasks drop constraint tasks_kind_check;
alter table tasks add constraint tasks_kind_check
    check (kind in ('decide', 'undo', 'consult', 'check', 'discrepancy', 'revoke', 'manual_check'));
