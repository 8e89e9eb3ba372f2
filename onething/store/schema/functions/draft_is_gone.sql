-- What hangs on a draft's content and is not the caller's to change.
create function draft_is_gone() returns trigger language plpgsql as $$
begin
    perform end_precheck(old.case_no);
    return null;
end $$;
