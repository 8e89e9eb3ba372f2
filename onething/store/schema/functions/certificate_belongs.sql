-- Whose it is follows from its case: no writer says it.
create function certificate_belongs() returns trigger language plpgsql as $$
begin
    select c.identity_index, c.bundle_code into new.holder, new.bundle
    from cases c where c.case_no = new.case_no;
    return new;
end $$;
