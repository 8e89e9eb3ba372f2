-- Who has read a letter need not be called. As owner: who reads it may not write what the counter is to do.
create function letter_is_known() returns trigger
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
begin
    delete from public.unread_letters where case_no = new.case_no and letter = new.seq;
    return null;
end $$;
revoke all on function letter_is_known from public;
