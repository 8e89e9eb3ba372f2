-- When the applicant first read a letter; the letter itself is the line of the journal that it tells of.
create table letter_readings (
    case_no text not null references cases,
    seq integer not null,
    at timestamptz not null,
    primary key (case_no, seq)
);
alter table letter_readings enable row level security;
grant select, insert on letter_readings to onething_api;
create policy of_visible_case on letter_readings for select to onething_api using (
    exists (select from cases c where c.case_no = letter_readings.case_no)
);
create policy applicant_reads on letter_readings for insert to onething_api with check (
    (select actor_role()) in ('citizen', 'agent')
    and exists (select from cases c where c.case_no = letter_readings.case_no)
);
