-- Rights that nothing needs are taken back, so that a statement that somebody slips in can do less; and a draft is its
-- makers' own until it is submitted.

drop policy visible on cases;
create policy visible on cases for select to onething_api using (
    case
        when (select actor_role()) in ('citizen', 'agent') then
            created_by = (select actor_subject()) or agent = (select actor_subject())
        when (select actor_role()) in ('counter', 'supervisor') then
            region = (select actor_region()) and (status <> 'draft' or created_by = (select actor_subject()))
        when (select actor_role()) in ('officer', 'leader', 'department_system') then
            region = (select actor_region()) and status <> 'draft' and (select actor_department()) = any (departments)
        when (select actor_role()) = 'public' then encode(query_hash, 'hex') = (select actor_subject())
        else false
    end
);

-- Whose a case is, where, and by which codes it is found, is said once: past the door nobody changes or reads that.
revoke select, update on cases from onething_door;
grant select (case_no, region, bundle, departments, status, head_seq, head_hash, last_at, next_wake_at, told_wake_at,
              ended_at) on cases to onething_door;
grant update (departments, status, submitted_at, accepted_at, due_at, ended_at, next_wake_at, told_wake_at, head_seq,
              head_hash, last_at) on cases to onething_door;

-- The door adds to these and never looks back.
revoke select on journal, clock_ledger from onething_door;

-- Plans and sealed values come with an event, by the door alone.
revoke insert on plans from onething_api, onething_worker;
revoke insert, update on sealed_values from onething_api, onething_worker;
drop policy party_adds on sealed_values;
drop policy party_changes on sealed_values;
alter policy worker on sealed_values using (true);
