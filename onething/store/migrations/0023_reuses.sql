-- Files that the applicant gave with an earlier case and consents to use again: linked, never copied. One link a material
-- of a case; it counts as version 0, before whatever is uploaded to the case itself.
create table material_reuses (
    case_no text not null references cases,
    code text not null,
    from_case text not null,
    from_version integer not null,
    reused_by text not null,
    at timestamptz not null,
    primary key (case_no, code),
    foreign key (from_case, code, from_version) references material_files (case_no, code, version)
);
create index material_reuses_of_file on material_reuses (from_case, code, from_version);
alter table material_reuses enable row level security;
grant select, insert on material_reuses to onething_api;
grant select on material_reuses to onething_worker;
create policy worker on material_reuses for select to onething_worker using (true);
create policy party_reads on material_reuses for select to onething_api using (
    (select actor_sees_personal_data()) and exists (select from cases c where c.case_no = material_reuses.case_no)
);
-- Both cases must be the actor's to see, and of one applicant.
create policy applicant_links on material_reuses for insert to onething_api with check (
    (select actor_role()) in ('citizen', 'agent', 'counter')
    and exists (
        select from cases c join cases o on o.identity_index = c.identity_index
        where c.case_no = material_reuses.case_no and o.case_no = material_reuses.from_case and o.case_no <> c.case_no
    )
);
-- Who sees the case sees the file that it uses, wherever that lies.
create policy reused on material_files for select to onething_api using (
    (select actor_sees_personal_data())
    and exists (
        select from material_reuses r
        where r.from_case = material_files.case_no and r.code = material_files.code
            and r.from_version = material_files.version
    )
);
