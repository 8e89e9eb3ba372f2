-- `door_record` as in 0029, but it looks for the tasks that change among those of their case. By `task_id` alone, of which
-- a planner expects a hundred, it read the whole table for each decision while that held less than some ten thousand rows.
do $$
declare
    before constant text := pg_get_functiondef('door_record(jsonb)'::regprocedure);
    since constant text := regexp_replace(before, 'where t\.task_id =', 'where t.case_no = the_case and t.task_id =', 'g');
begin
    if regexp_count(since, 'the_case and t\.task_id =') <> 4 then
        raise exception 'door_record is not as 0029 left it';
    end if;
    execute since;
end $$;
