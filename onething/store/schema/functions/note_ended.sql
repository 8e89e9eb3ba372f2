-- The update locks the row: an anchor that is about to delete it waits, and then finds a seq that it has not anchored.
create function note_ended() returns trigger language plpgsql as $$
begin
    insert into ended_unanchored (case_no, seq) values (new.case_no, new.head_seq)
    on conflict (case_no) do update set seq = excluded.seq;
    return null;
end $$;
