-- Anchors of the journal outside the database: which were made, and what the next one has to hold.

-- What stands here proves nothing by itself, it tells which files there must be.
create table anchors (
    number integer primary key check (number > 0),
    at timestamptz not null,
    digest bytea not null,
    key_id text not null,
    signature bytea not null,
    heads integer not null
);
create trigger append_only before update or delete on anchors for each row execute function refuse_change();
create trigger never_emptied before truncate on anchors execute function refuse_change();
alter table anchors enable row level security;
grant select, insert on anchors to onething_worker;
create policy worker on anchors to onething_worker using (true) with check (true);

-- Which heads changed since the last anchor is found by comparing, not by a mark of time: a moment is stamped with when it
-- was due and transactions commit out of order, so a mark would pass some over, while what an anchor did not see yet
-- differs still when the next one looks.
-- Cases under way are few among all, and have an index: each is compared with how far it is anchored, at no cost for
-- whoever records. An ended case is never compared; its ending, and whatever still comes after, leaves a row by a trigger.
create table anchored_heads (
    case_no text primary key,
    seq integer not null
);
alter table anchored_heads enable row level security;
grant select, insert, update, delete on anchored_heads to onething_worker;
create policy worker on anchored_heads to onething_worker using (true) with check (true);

create table ended_unanchored (
    case_no text primary key,
    seq integer not null
);
alter table ended_unanchored enable row level security;
grant select, insert, update on ended_unanchored to onething_door;
grant select, delete on ended_unanchored to onething_worker;
create policy door on ended_unanchored to onething_door using (true) with check (true);
create policy worker on ended_unanchored to onething_worker using (true);

-- The update locks the row: an anchor that is about to delete it waits, and then finds a seq that it has not anchored.
create function note_ended() returns trigger language plpgsql as $$
begin
    insert into ended_unanchored (case_no, seq) values (new.case_no, new.head_seq)
    on conflict (case_no) do update set seq = excluded.seq;
    return null;
end $$;
create trigger ended after update on cases for each row
    when (new.ended_at is not null and new.head_seq <> old.head_seq) execute function note_ended();

insert into ended_unanchored (case_no, seq) select case_no, head_seq from cases where ended_at is not null;
