-- Everything that follows from one unit of work, as one value: it goes with the COMMIT in one message, and of the many
-- kinds of rows only those that there are cost anything. Run as the caller, who must have entered; ends as the writer.
-- No row is both written and changed here: what a unit opens and closes again arrives as closed.
-- Tasks are looked for among those of their case: by `task_id` alone, of which a planner expects a hundred, it would read
-- a table of less than some ten thousand rows as a whole.
create function write_case(unit jsonb) returns void
language plpgsql as $$
declare
    the_case constant text := unit ->> 'case_no';
    heir record;
begin
    perform set_config('role', 'onething_writer', true);

    insert into journal (line, region)
    select line, unit ->> 'region' from jsonb_array_elements_text(unit -> 'lines') line;

    insert into case_state (case_no, schema, body)
    values (the_case, (unit ->> 'state_schema')::int, unit ->> 'state')
    on conflict (case_no) do update set schema = excluded.schema, body = excluded.body;

    update cases c set
        status = h.status, departments = h.departments, submitted_at = h.submitted_at, accepted_at = h.accepted_at,
        due_at = h.due_at, ended_at = h.ended_at, next_wake_at = h.next_wake_at, told_wake_at = h.told_wake_at,
        head_seq = h.head_seq, head_hash = h.head_hash, last_at = h.last_at, open_demands = h.open_demands,
        pressing = h.pressing,
        status_since = coalesce(h.status_since, c.status_since),
        corrections_answered = coalesce(h.corrections_answered, c.corrections_answered)
    from jsonb_to_record(unit -> 'head') as h (
        status text, departments text[], submitted_at timestamptz, accepted_at timestamptz, due_at timestamptz,
        ended_at timestamptz, next_wake_at timestamptz, told_wake_at timestamptz, head_seq int, head_hash bytea,
        last_at timestamptz, open_demands int, pressing boolean, status_since timestamptz, corrections_answered boolean)
    where c.case_no = the_case;

    if unit ? 'begun' then
        insert into commands (case_no, id, kind, target, status, patience_at, created_seq, created_at, outcome_seq,
                              department, region)
        select the_case, b.*, case when b.department is not null then unit ->> 'region' end
        from jsonb_to_recordset(unit -> 'begun') as b (
            id text, kind text, target text, status text, patience_at timestamptz, seq int, at timestamptz,
            outcome_seq int, department text);
    end if;
    if unit ? 'settled' then
        update commands c set status = s.status, outcome_seq = s.outcome_seq
        from jsonb_to_recordset(unit -> 'settled') as s (id text, status text, outcome_seq int)
        where c.case_no = the_case and c.id = s.id;
    end if;
    if unit ? 'opened' then
        insert into tasks (case_no, region, bundle, task_id, kind, item, name, department, round, state, flags, due_at,
                           supervised_due_at, statutory_due_at, opened_at, closed_at, result, right_data)
        select the_case, unit ->> 'region', unit ->> 'bundle', t.*
        from jsonb_to_recordset(unit -> 'opened') as t (
            task_id text, kind text, item text, name text, department text, round int, state text, flags text[],
            due_at timestamptz, supervised_due_at timestamptz, statutory_due_at timestamptz, opened_at timestamptz,
            closed_at timestamptz, result text, right_data text);
    end if;
    if unit ? 'closed' then
        update tasks t set state = c.state, result = c.result, right_data = c.right_data, closed_at = c.at, closed_by = c.by
        from jsonb_to_recordset(unit -> 'closed') as c (
            task_id text, state text, result text, right_data text, at timestamptz, by text)
        where t.case_no = the_case and t.task_id = c.task_id;
    end if;
    if unit ? 'moved' then
        update tasks t set department = m.department, claimed_by = null, claimed_at = null
        from jsonb_to_recordset(unit -> 'moved') as m (task_id text, department text)
        where t.case_no = the_case and t.task_id = m.task_id;
    end if;
    if unit ? 'heirs' then
        -- in order: what has changed hands twice is for both
        for heir in select * from jsonb_to_recordset(unit -> 'heirs') as h (before text, department text, item text) loop
            update sealed_values v set departments = v.departments || heir.department
            where v.case_no = the_case and heir.before = any (v.departments)
              and not heir.department = any (v.departments);
            update task_notes n set department = heir.department
            where n.case_no = the_case and n.item = heir.item and n.department = heir.before
              and not exists (
                  select from task_notes o
                  where o.case_no = the_case and o.item = heir.item and o.department = heir.department
                    and o.place = n.place
              );
        end loop;
    end if;
    if unit ? 'dues' then
        update tasks t set due_at = d.due_at
        from jsonb_to_recordset(unit -> 'dues') as d (task_id text, due_at timestamptz)
        where t.case_no = the_case and t.task_id = d.task_id;
    end if;
    if unit ? 'flagged' then
        update tasks t set flags = f.flags, supervised_due_at = f.supervised_due_at, statutory_due_at = f.statutory_due_at
        from jsonb_to_recordset(unit -> 'flagged') as f (
            task_id text, flags text[], supervised_due_at timestamptz, statutory_due_at timestamptz)
        where t.case_no = the_case and t.task_id = f.task_id;
    end if;
    if unit ? 'claim' then
        update tasks t set claimed_by = c.by, claimed_at = c.at
        from jsonb_to_record(unit -> 'claim') as c (task_id text, by text, at timestamptz)
        where t.case_no = the_case and t.task_id = c.task_id;
    end if;
    if unit ? 'ledger' then
        insert into clock_ledger (case_no, seq, clock, kind, subject, what, at, due_at, due_before)
        select the_case, l.*
        from jsonb_to_recordset(unit -> 'ledger') as l (
            seq int, clock text, kind text, subject text, what text, at timestamptz, due_at timestamptz,
            due_before timestamptz);
    end if;
    if unit ? 'rungs_back' then
        -- before those that fire: the same may come again in one unit
        update rungs r set taken_back_at = b.at, taken_back_seq = b.seq
        from jsonb_to_recordset(unit -> 'rungs_back') as b (
            clock text, since timestamptz, rung text, seq int, at timestamptz)
        where r.case_no = the_case and r.clock = b.clock and r.since = b.since and r.rung = b.rung
          and r.taken_back_at is null;
    end if;
    if unit ? 'rungs' then
        insert into rungs (case_no, region, bundle, department, clock, since, rung, item, seq, at, tells, card,
                           taken_back_at, taken_back_seq)
        select the_case, unit ->> 'region', unit ->> 'bundle',
               (select t.department from tasks t
                where t.case_no = the_case and t.item = r.item and t.kind = 'decide' order by t.round desc limit 1), r.*
        from jsonb_to_recordset(unit -> 'rungs') as r (
            clock text, since timestamptz, rung text, item text, seq int, at timestamptz, tells text[], card text,
            taken_back_at timestamptz, taken_back_seq int);
    end if;
    if unit ? 'reminders' then
        insert into reminders (case_no, region, clock, kind, item, departments, since, due_at, result, closed_at)
        select the_case, unit ->> 'region', r.*
        from jsonb_to_recordset(unit -> 'reminders') as r (
            clock text, kind text, item text, departments text[], since timestamptz, due_at timestamptz, result text,
            closed_at timestamptz)
        on conflict (case_no, clock) do update
            set departments = excluded.departments, due_at = excluded.due_at, result = excluded.result,
                closed_at = excluded.closed_at;
    end if;
    if unit ? 'letters_out' then
        -- not what the applicant has read before its notice went out, unless they want it on paper
        insert into unread_letters (case_no, region, letter, kind, channel, since, due_at, step)
        select the_case, unit ->> 'region', l.*
        from jsonb_to_recordset(unit -> 'letters_out') as l (
            letter int, kind text, channel text, since timestamptz, due_at timestamptz, step text)
        where l.channel <> 'electronic'
            or not exists (select from letter_readings r where r.case_no = the_case and r.seq = l.letter);
    end if;
    if unit ? 'letters_followed' then
        delete from unread_letters u using jsonb_to_recordset(unit -> 'letters_followed') as f (letter int, step text)
        where u.case_no = the_case and u.letter = f.letter and f.step is null;
        update unread_letters u set step = f.step, due_at = least(u.due_at, f.at)
        from jsonb_to_recordset(unit -> 'letters_followed') as f (letter int, step text, at timestamptz)
        where u.case_no = the_case and u.letter = f.letter and f.step is not null;
    end if;
    if unit ? 'values' then
        -- what came late takes the place of nothing
        insert into sealed_values (case_no, name, kind, departments, body, at)
        select the_case, v.*, (unit ->> 'now')::timestamptz
        from jsonb_to_recordset(unit -> 'values') as v (name text, kind text, departments text[], body bytea)
        on conflict (case_no, name) do update
            set departments = excluded.departments, body = excluded.body, at = excluded.at
            where not (unit ->> 'late')::boolean;
    end if;
    if unit ? 'released' then
        update reservations set held_at = null, asked_at = null
        where case_no = the_case and code in (select jsonb_array_elements_text(unit -> 'released'));
    end if;
    if unit ? 'persons' then
        perform change_persons(the_case, unit -> 'persons', (unit ->> 'now')::timestamptz);
    end if;
    if unit ? 'plan' then
        insert into plans (digest, body) values (unit -> 'plan' ->> 'digest', unit -> 'plan' ->> 'body')
        on conflict (digest) do nothing;
    end if;
    if (unit ->> 'hand_over')::boolean then
        insert into handovers (case_no, seq, not_before, told_seq)
        values (the_case, (unit -> 'head' ->> 'head_seq')::int, (unit ->> 'now')::timestamptz,
                (unit ->> 'seen_seq')::int)
        on conflict (case_no) do update
            set seq = excluded.seq, not_before = least(handovers.not_before, excluded.not_before);
    end if;
end $$;
