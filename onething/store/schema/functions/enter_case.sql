-- Where a case is entered: is the case (and task) visible to the caller? Then take the writer's role, lock the case, and read
-- what recording needs. Each statement has a snapshot of its own, so what is read is as the last holder of the lock left it.
-- No row: not visible. A draft has no state yet. `seen`: whoever calls has just read both as the caller, in the same statement.
create function enter_case(wanted_case text, wanted_task text, wanted_command text, seen boolean default false)
returns table (
    epoch integer, region text, bundle text, departments text[], status text, head_seq integer, head_hash bytea,
    last_at timestamptz, next_wake_at timestamptz, told_wake_at timestamptz, ended_at timestamptz,
    state text, handover_pending boolean, claimed_by text, command_status text, outcome_seq integer
)
language plpgsql as $$
#variable_conflict use_column
begin
    if wanted_case is null then
        return;
    end if;
    if not seen then
        perform from cases c where c.case_no = wanted_case;
        if not found then
            return;
        end if;
        if wanted_task is not null then
            perform from tasks t where t.task_id = wanted_task;
            if not found then
                return;
            end if;
        end if;
    end if;
    perform set_config('role', 'onething_writer', true);
    -- planning the one statement that records takes longer than running it, and its plan never depends on its values
    perform set_config('plan_cache_mode', 'force_generic_plan', true);
    perform from cases c where c.case_no = wanted_case for no key update;
    return query
        select i.epoch, c.region, c.bundle, c.departments, c.status, c.head_seq, c.head_hash,
               c.last_at, c.next_wake_at, c.told_wake_at, c.ended_at,
               s.body, h.case_no is not null, t.claimed_by, m.status, m.outcome_seq
        from cases c
        cross join installation i
        left join case_state s on s.case_no = c.case_no
        left join handovers h on h.case_no = c.case_no
        left join tasks t on t.task_id = wanted_task
        left join commands m on m.case_no = c.case_no and m.id = wanted_command
        where c.case_no = wanted_case;
end $$;
