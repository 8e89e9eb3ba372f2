-- Whose it is follows from its case: no writer says it.
create function certificate_belongs() returns trigger language plpgsql as $$
begin
    select c.identity_index, c.bundle_code, concat_ws('.', c.bundle_code, new.item, new.output)
    into new.holder, new.bundle, new.kind
    from cases c where c.case_no = new.case_no;
    return new;
end $$;
