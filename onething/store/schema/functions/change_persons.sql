-- What a unit of work says of persons who are no more, in order: as the writer. Mandates by and to them end with it, each
-- with a line of its own; whoever watches or is signed in is looked at anew. `changed_at` is by the processes' clock.
create function change_persons(the_case text, changes jsonb, now_at timestamptz) returns void
language plpgsql as $$
declare
    one record;
begin
    for one in
        select c.item, c.change, c.at, p.identity_index as person
        from rows from (jsonb_to_recordset(changes) as (item text, change text, at timestamptz))
            with ordinality as c (item, change, at, nth)
        join ended_persons p on p.case_no = the_case and p.item = c.item
        order by c.nth
    loop
        perform pg_advisory_xact_lock(person_key(one.person));
        update ended_persons p set
            changed_at = now_at,
            reported_at = case when one.change = 'reported' then one.at else p.reported_at end,
            ended_at = case when one.change = 'ended' then one.at else p.ended_at end,
            lifted_at = case one.change when 'ended' then null when 'lifted' then one.at else p.lifted_at end,
            dropped_at = case when one.change = 'dropped' then one.at end
        where p.case_no = the_case and p.item = one.item;
        insert into access_log (at, subject, role, act, case_no, whose, outcome, detail)
        values (one.at, actor_subject(), actor_role(), 'end_person', the_case, one.person, 'done', one.change);
        if one.change = 'ended' then
            with fallen as (
                update mandates m set revoked_at = greatest(one.at, m.given_at), ended_by = the_case
                where one.person in (m.giver_index, m.agent_index) and m.revoked_at is null
                returning m.id, m.giver_index
            )
            insert into access_log (at, subject, role, act, case_no, whose, outcome, detail)
            select one.at, actor_subject(), actor_role(), 'revoke_mandate', the_case, f.giver_index, 'done', f.id
            from fallen f;
        end if;
    end loop;
    perform pg_notify('onething_lockouts', ''), pg_notify('onething_case', '');
end $$;
