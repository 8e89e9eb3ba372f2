-- Whose it is follows from its case: no writer says it.
create function certificate_belongs() returns trigger language plpgsql as $$
begin
    select c.identity_index, split_part(c.bundle, '@', 1) || '.' || new.item || '.' || new.output
    into new.holder, new.kind
    from cases c where c.case_no = new.case_no;
    return new;
end $$;
