-- Whose it is follows from its case: no writer says it. It is the applicant's, or, where who applied only reports, whose end
-- the item is.
create function certificate_belongs() returns trigger language plpgsql as $$
begin
    select coalesce(p.identity_index, c.identity_index), c.bundle_code into new.holder, new.bundle
    from cases c
    left join ended_persons p on p.case_no = c.case_no and p.item = new.item and p.bears
    where c.case_no = new.case_no;
    return new;
end $$;
