-- The schema, whole. One file on purpose, longer than others: who asks what there is, and who may see it, reads it here.
-- `\ir` brings in a function, each of which stands in one file of its own; `psql -f` understands it as the installer does.
--
-- Before 1.0 there are no migrations: a change raises NUMBER in this folder's __init__.py, and old data starts afresh.
--
-- Roles: onething_api and onething_worker are what processes log in as; onething_writer is taken by enter_case() for the rest
-- of a transaction and is the only one that may write the record. All tables are the owner's, whom no process knows. Who
-- acts stands in transaction-local settings (onething.subject, .role, .department, .region, .outlets, .identity, .code, .case_no), read
-- by the policies through the functions of functions/actor.sql. Rights are given column by column where that says more.
--
-- Policies are one CASE each and not several policies or an OR: the planner takes a CASE for half of the rows, where it would
-- multiply the guesses for an OR of comparisons down to no row at all, and sort whole queues instead of walking their index.
-- What every row asks for first is read as `(select actor_role())`: once a statement, and not once a row. All else is called
-- plainly: each `(select …)` is a node to be set up whenever a statement names the table, in however many policies that leads
-- through, and few rows get as far as asking.

revoke all on schema public from public;
-- also where the database's owner is another, as in a copy: checks of foreign keys run as the tables' owner
grant all on schema public to current_user;
grant usage on schema public to onething_api, onething_worker, onething_writer;

\ir functions/actor.sql
\ir functions/refuse_change.sql


-- ---------------------------------------------------------------------------------------------------------------------
-- The installation
-- ---------------------------------------------------------------------------------------------------------------------

-- One row, which the installer writes. `epoch` rises with every restore of the database, so that idempotency keys are never
-- used for two things. `schema_number` and `schema_digest` say which schema this is: processes work with their own only.
create table installation (
    only_row boolean primary key default true check (only_row),
    epoch integer not null check (epoch > 0),
    schema_number integer not null,
    schema_digest text not null
);
grant select on installation to onething_api, onething_worker, onething_writer;
\ir functions/present_epoch.sql


-- ---------------------------------------------------------------------------------------------------------------------
-- Plans and calendars: immutable and of no case, so without row-level security
-- ---------------------------------------------------------------------------------------------------------------------

-- Plans come with an event, by the case writer alone.
create table plans (
    digest text primary key,
    body text not null
);
grant select on plans to onething_api, onething_worker;
grant select, insert on plans to onething_writer;

create table calendars (
    digest text primary key,
    code text not null,
    version integer not null,
    body text not null
);
grant select, insert on calendars to onething_api, onething_worker;
grant select on calendars to onething_writer;


-- ---------------------------------------------------------------------------------------------------------------------
-- Mandates (委托): who may act for whom, in what, until when
-- ---------------------------------------------------------------------------------------------------------------------

-- Given by the person, or recorded at the counter with a signed paper. Who works for an office may be let look at licences,
-- and do nothing else.
create table mandates (
    id text primary key,
    giver_index bytea not null,
    agent text not null,
    kind text not null,
    bundles text[] not null,
    acts text[] not null,
    region text not null,
    outlet text, -- where it was recorded
    recorded_by text not null,
    paper boolean not null,
    given_at timestamptz not null,
    expires_at timestamptz not null,
    revoked_at timestamptz,
    ended_by text, -- the case by whose registration giver or agent is no more
    agent_index bytea, -- the identity that the agent had proved when they first acted under it
    body bytea not null,
    check (expires_at > given_at),
    constraint mandates_kind_check
        check (kind in ('helper', 'family', 'delegate') or (kind = 'office' and acts = array['licences']))
);
create index mandates_of_person on mandates (giver_index, given_at desc, id desc);
create index mandates_to_person on mandates (agent_index) where agent_index is not null;
create index mandates_agent on mandates (agent, given_at desc, id desc);
-- between whom: asked at every act of somebody who is not the applicant
create index mandates_between on mandates (agent, giver_index);
create index mandates_region on mandates (region, given_at desc, id desc);
create index mandates_outlet on mandates (outlet, given_at desc, id desc) where outlet is not null;
alter table mandates enable row level security;
grant select, insert, update (revoked_at) on mandates to onething_api;
grant select, update (revoked_at, ended_by) on mandates to onething_writer;
create policy writer on mandates to onething_writer using (true);
\ir functions/take_up_mandate.sql
create policy known on mandates for select to onething_api using (
    case (select actor_role())
        when 'counter' then case
            when actor_outlets() is null then region = actor_region()
            else outlet = any (actor_outlets())
        end
        when 'citizen' then
            agent = actor_subject() or giver_index = actor_identity()
        -- a helper at an outlet acts under none
        when 'agent' then agent = actor_subject() and actor_outlets() is null
        when 'officer' then agent = actor_subject()
        when 'leader' then agent = actor_subject()
        else false
    end
);
-- For oneself only with the identity that one has proved; for somebody else only at the counter, which keeps the paper.
create policy given on mandates for insert to onething_api with check (
    recorded_by = actor_subject() and region = actor_region() and revoked_at is null
    and case (select actor_role())
        when 'counter' then
            paper and agent <> recorded_by
            and (actor_outlets() is null or outlet = any (actor_outlets()))
        when 'citizen' then not paper and outlet is null and giver_index = actor_identity()
        else false
    end
);
create policy revoked on mandates for update to onething_api using (
    case (select actor_role())
        when 'counter' then case
            when actor_outlets() is null then region = actor_region()
            else outlet = any (actor_outlets())
        end
        when 'citizen' then giver_index = actor_identity()
        else false
    end
);


-- ---------------------------------------------------------------------------------------------------------------------
-- Cases: the head that is locked by whoever records, and the state
-- ---------------------------------------------------------------------------------------------------------------------

create sequence case_serials;
grant usage on sequence case_serials to onething_api;

-- One row a case. Children that only the writer writes have no foreign key to it: the writer holds this row's lock while it
-- writes them, so a check per row would only cost.
-- `mandate` is the one under which an agent opened the case, `principal` its giver, who sees the case as their own.
-- `outlet`: where it was taken in, which is not where it is decided (`region`); null of what came online, and over a counter
-- that is of no outlet. Who is bound to outlets sees what these took in, of whatever region, and nothing else.
-- `identity_only` (一证通办): at submission nothing but the applicant's identity card was needed.
create table cases (
    case_no text primary key,
    region text not null,
    bundle text not null,
    bundle_code text not null generated always as (split_part(bundle, '@', 1)) stored, -- without its version
    channel text not null,
    outlet text,
    status text not null,
    created_by text not null,
    mandate text references mandates, -- under which it was submitted
    created_at timestamptz not null,
    departments text[] not null,
    query_hash bytea not null,
    code_given_to text, -- who acts for the applicant and was told the query code: of use while they may act
    identity_index bytea not null,
    identity_only boolean,
    submitted_at timestamptz,
    accepted_at timestamptz,
    due_at timestamptz,
    ended_at timestamptz,
    next_wake_at timestamptz,
    told_wake_at timestamptz,
    head_seq integer not null default 0,
    head_hash bytea not null default ''::bytea,
    last_at timestamptz,
    expires_at timestamptz, -- of a draft: then it is deleted
    open_demands integer not null default 0, -- what the applicant was asked for, and has not brought yet
    status_since timestamptz, -- when it got its status; null of a draft
    corrections_answered boolean not null default false, -- it is with the counter again, with all that it asked for
    handed_over boolean not null default false, -- a draft that somebody else had begun, and whose code they showed at the counter
    pressing boolean not null default false -- its promise (`due_at`) has been warned of, or is over
) with (fillfactor = 60);
create index cases_drafts on cases (created_by, created_at desc, case_no desc) where status = 'draft';
create index cases_drafts_expire on cases (expires_at) where status = 'draft';
create index cases_region on cases (region, created_at desc, case_no desc);
create index cases_outlet on cases (outlet, created_at desc, case_no desc) where outlet is not null;
create index cases_identity on cases (identity_index, created_at desc, case_no desc);
create index cases_mandate on cases (mandate, created_at desc) where mandate is not null;
create index cases_wake on cases (next_wake_at) where next_wake_at is not null;
-- what has not ended: a handful among all the cases that have ever ended
create index cases_under_way on cases (region, created_at desc, case_no desc) where ended_at is null;
create index cases_under_way_outlet on cases (outlet, created_at desc, case_no desc)
    where ended_at is null and outlet is not null;
-- a list of a status, however few have it; and what waits, the longest first
create index cases_status on cases (region, status, created_at desc, case_no desc);
create index cases_status_outlet on cases (outlet, status, created_at desc, case_no desc) where outlet is not null;
create index cases_waiting on cases (region, status, status_since, case_no) where status in ('submitted', 'correction');
create index cases_waiting_outlet on cases (outlet, status, status_since, case_no)
    where status in ('submitted', 'correction') and outlet is not null;
-- what is late, or soon will be: a few among what is under way
create index cases_pressing on cases (region, due_at, case_no) where pressing;
create index cases_of_one_applicant on cases (identity_index, bundle_code, region) where ended_at is null;

-- Whose records a submitted case has looked up: its parties, by the blind index of their numbers. `asker`, sealed: what they
-- read of who applied.
create table case_parties (
    case_no text not null references cases,
    party text not null,
    identity_index bytea not null check (octet_length(identity_index) = 16),
    asker bytea not null,
    at timestamptz not null,
    primary key (case_no, party)
);
create index case_parties_identity on case_parties (identity_index, at desc);
alter table case_parties enable row level security;
grant select, insert, delete on case_parties to onething_api;
create policy own on case_parties for select to onething_api using (
    identity_index = actor_identity() or exists (select from cases c where c.case_no = case_parties.case_no)
);
create policy told on case_parties for insert to onething_api with check (
    (select actor_role()) in ('citizen', 'agent', 'counter')
    and exists (select from cases c where c.case_no = case_parties.case_no)
);
create policy told_anew on case_parties for delete to onething_api using (
    (select actor_role()) in ('citizen', 'agent', 'counter')
    and exists (select from cases c where c.case_no = case_parties.case_no)
);
\ir functions/is_party.sql

alter table cases enable row level security;
\ir functions/mandate_holds.sql
grant select on cases to onething_api, onething_worker;
grant insert, delete, update (bundle, channel, outlet, mandate, identity_index, identity_only, departments, expires_at)
    on cases to onething_api;
grant delete, update (expires_at) on cases to onething_worker;
-- Whose a case is, where, and by which codes it is found, is said once: as the writer nobody changes or reads that.
grant select (case_no, region, bundle, departments, status, head_seq, head_hash, last_at, next_wake_at, told_wake_at,
              ended_at, status_since, corrections_answered) on cases to onething_writer;
grant update (departments, status, submitted_at, accepted_at, due_at, ended_at, next_wake_at, told_wake_at, head_seq,
              head_hash, last_at, open_demands, status_since, corrections_answered, pressing) on cases to onething_writer;
create policy writer on cases to onething_writer using (true) with check (true);
create policy worker on cases for select to onething_worker using (true);
-- A case is the applicant's, by the identity that they have proved, whoever brought it in; and of whoever may act for them
-- now. A draft is also its maker's own until it is submitted. A party reaches the one case that they answer about. Somebody who shows a query code is known by nothing else: the
-- subject is the code's hash in hex. A data source that calls back sees the case that it names.
create policy visible on cases for select to onething_api using (
    case (select actor_reach())
        when 'helper' then status = 'draft' and created_by = actor_subject()
        when 'person' then
            identity_index = actor_identity()
            or (status = 'draft' and created_by = actor_subject())
            or (case_no = actor_case_no() and is_party(case_no))
            or exists (
                select from mandates m
                where m.agent = actor_subject() and m.giver_index = cases.identity_index
                    and m.revoked_at is null and m.expires_at >= actor_at()
                    and (m.bundles = '{}' or cases.bundle_code = any (m.bundles)) and m.acts <> array['licences']
            )
        when 'outlet' then outlet = any (actor_outlets()) and (status <> 'draft' or created_by = actor_subject())
        when 'region' then region = actor_region() and (status <> 'draft' or created_by = actor_subject())
        when 'department' then
            region = actor_region() and status <> 'draft' and actor_department() = any (departments)
        when 'public' then
            encode(query_hash, 'hex') = actor_subject()
            and (code_given_to is null or mandate_holds(code_given_to, identity_index, bundle_code))
        when 'source' then status <> 'draft' and case_no = actor_case_no()
        else false
    end
);
create policy draft_begun on cases for insert to onething_api with check (
    status = 'draft' and head_seq = 0 and created_by = actor_subject()
    and case
        when (select actor_role()) in ('citizen', 'agent') then outlet is null
        when (select actor_role()) = 'counter' then
            actor_outlets() is null or outlet = any (actor_outlets())
        else false
    end
);
-- Which drafts they see, they may change, submit or give up: their own, those in their name, those of whom they act for.
create policy draft_changed on cases for update to onething_api using (
    status = 'draft' and ((select actor_role()) in ('citizen', 'agent') or created_by = actor_subject())
) with check (
    status = 'draft'
    and (actor_outlets() is null or coalesce(outlet = any (actor_outlets()), true))
);
-- A draft may be given up by its applicant, who acts for them, and who began it: not by a clerk to whom it was handed over. It is
-- forgotten when nobody goes on with it.
create policy draft_deleted on cases for delete to onething_api using (
    status = 'draft'
    and ((select actor_role()) in ('citizen', 'agent') or (created_by = actor_subject() and not handed_over))
);
create policy draft_forgotten on cases for delete to onething_worker using (status = 'draft');
create policy draft_locked on cases for update to onething_worker using (status = 'draft') with check (status = 'draft');
\ir functions/mandate_is_held.sql
create trigger mandate_is_held before insert or update of mandate on cases for each row
    when (new.mandate is not null) execute function mandate_is_held();
\ir functions/lapsed_mandate.sql
\ir functions/reissue_code.sql
\ir functions/use_of_bundles.sql

-- By whose name a submitted case is found: the blind indexes of the applicant's name, and of the enterprise's that it is
-- about. Whoever looks one up finds the numbers of cases of their region, and sees of these what is theirs.
create table case_names (
    name_index bytea not null check (octet_length(name_index) = 16),
    region text not null,
    case_no text not null references cases,
    primary key (name_index, region, case_no)
);
create index case_names_of_case on case_names (case_no);
alter table case_names enable row level security;
grant select, insert, delete on case_names to onething_api;
create policy found on case_names for select to onething_api using (
    case
        when (select actor_role()) in ('officer', 'leader') then region = actor_region()
        when (select actor_role()) in ('citizen', 'agent', 'counter') then
            exists (select from cases c where c.case_no = case_names.case_no)
        else false
    end
);
create policy named on case_names for insert to onething_api with check (
    (select actor_role()) in ('citizen', 'agent', 'counter')
    and exists (select from cases c where c.case_no = case_names.case_no)
);
create policy named_anew on case_names for delete to onething_api using (
    (select actor_role()) in ('citizen', 'agent', 'counter')
    and exists (select from cases c where c.case_no = case_names.case_no)
);

-- What a submitted case is about, as its bundle tells two apart: the blind index of that. No row where the application does
-- not say all of it.
create table case_keys (
    case_no text primary key references cases,
    key_index bytea not null check (octet_length(key_index) = 16),
    region text not null
);
create index case_keys_key on case_keys (key_index, region);
alter table case_keys enable row level security;
grant select, insert, delete on case_keys to onething_api;
create policy own on case_keys for select to onething_api using (
    exists (select from cases c where c.case_no = case_keys.case_no)
);
create policy told on case_keys for insert to onething_api with check (
    (select actor_role()) in ('citizen', 'agent', 'counter')
    and exists (select from cases c where c.case_no = case_keys.case_no)
);
create policy told_anew on case_keys for delete to onething_api using (
    (select actor_role()) in ('citizen', 'agent', 'counter')
    and exists (select from cases c where c.case_no = case_keys.case_no)
);
\ir functions/possible_duplicates.sql

-- What the rules know of a case. A table of its own: rewritten at every event, read by nobody's list.
create table case_state (
    case_no text primary key,
    schema integer not null,
    body text not null
) with (fillfactor = 50);
alter table case_state enable row level security;
grant select on case_state to onething_api, onething_worker;
grant select, insert, update on case_state to onething_writer;
create policy writer on case_state to onething_writer using (true) with check (true);
create policy worker on case_state for select to onething_worker using (true);
create policy of_visible_case on case_state for select to onething_api using (
    exists (select from cases c where c.case_no = case_state.case_no)
);
\ir functions/parties_like_me.sql

-- 来前请窗口看一眼: a draft whose person has a clerk look at it before they travel. It is no receipt: nothing of it is in the
-- journal, and no period begins. One row a draft, which goes with its head. `outlet`: which was asked, if one was; `body`,
-- sealed, is the answer, and `code_hash` of what is shown at the counter: both gone once the draft is submitted. `ended_at`:
-- it was submitted unanswered. `seen_until`: so long the counter sees it, and by it the draft.
create table prechecks (
    case_no text primary key references cases on delete cascade,
    region text not null,
    outlet text,
    bundle text not null, -- its code
    asked_by text not null,
    asked_at timestamptz not null,
    promised_at timestamptz not null,
    ended_at timestamptz,
    answered_at timestamptz,
    answered_by text,
    visit_on date,
    visit_outlet text,
    seen_until timestamptz not null default 'infinity',
    code_hash bytea,
    body bytea,
    check ((answered_at is null) = (answered_by is null)),
    check ((answered_at is null) = (visit_on is null) and (answered_at is null) = (visit_outlet is null)),
    check (answered_at is null or ended_at is null)
);
create index prechecks_open on prechecks (region, asked_at, case_no) where answered_at is null and ended_at is null;
create index prechecks_expected on prechecks (region, visit_on, case_no) where answered_at is not null;
alter table prechecks enable row level security;
grant select, insert, delete, update (outlet, asked_by, asked_at, promised_at, answered_at, answered_by, visit_on,
                                      visit_outlet, seen_until, code_hash, body)
    on prechecks to onething_api;
grant select (case_no, answered_at) on prechecks to onething_worker;
create policy worker on prechecks for select to onething_worker using (true);
create policy known on prechecks for select to onething_api using (
    case
        when (select actor_role()) in ('citizen', 'agent') then
            exists (select from cases c where c.case_no = prechecks.case_no)
        when (select actor_role()) = 'counter' then
            ended_at is null and actor_at() < seen_until and region = actor_region()
            and case
                when actor_outlets() is null then true
                else coalesce(outlet = any (actor_outlets()), false)
                    or coalesce(visit_outlet = any (actor_outlets()), false)
            end
        else false
    end
);
create policy asked on prechecks for insert to onething_api with check (
    (select actor_role()) in ('citizen', 'agent') and asked_by = actor_subject() and answered_at is null
    and ended_at is null
    and exists (
        select from cases c
        where c.case_no = prechecks.case_no and c.status = 'draft' and c.region = prechecks.region
            and c.bundle_code = prechecks.bundle
    )
);
-- Asked once more by whoever goes on with the draft; answered by the counter, which sees it.
create policy said on prechecks for update to onething_api using (
    case
        when (select actor_role()) in ('citizen', 'agent') then
            exists (select from cases c where c.case_no = prechecks.case_no and c.status = 'draft')
        when (select actor_role()) = 'counter' then true
        else false
    end
) with check (
    case
        when (select actor_role()) = 'counter' then answered_by = actor_subject()
        else asked_by = actor_subject() and answered_at is null
    end
);
create policy taken_back on prechecks for delete to onething_api using (
    (select actor_role()) in ('citizen', 'agent')
    and exists (select from cases c where c.case_no = prechecks.case_no and c.status = 'draft')
);


-- ---------------------------------------------------------------------------------------------------------------------
-- The journal, and what is anchored of it outside the database
-- ---------------------------------------------------------------------------------------------------------------------

-- Append-only, gapless, hash-chained per case. The case writer adds to it and never looks back.
-- `line` is what is written, and what its hash is over: one JSON object {v, prev, case_no, seq, at, event, actor, values} as
-- RFC 8785 has it, `prev` the hex of the hash before. All else is read from it by PostgreSQL, so that no column can say
-- another thing than the line does. `actor` null: a moment, which nobody brings about. As json where one word is looked
-- for: that builds no tree.
-- `landed` is an order in which the journal can be read as it grows: lines by the transaction that wrote them. `region`
-- is the case's, for lists of a region.
\ir functions/line_moment.sql
\ir functions/line_hash.sql
create table journal (
    line text not null,
    case_no text not null generated always as (line::json ->> 'case_no') stored,
    seq integer not null generated always as ((line::json ->> 'seq')::integer) stored check (seq > 0),
    at timestamptz not null generated always as (line_moment(line::json ->> 'at')) stored,
    kind text not null generated always as (line::json #>> '{event,kind}') stored,
    event jsonb not null generated always as (line::jsonb -> 'event') stored,
    actor jsonb generated always as ((line::json ->> 'actor')::jsonb) stored,
    hash bytea not null generated always as (line_hash(line)) stored,
    region text,
    landed bigint default (present_epoch()::bigint << 48) + pg_current_xact_id()::text::bigint,
    primary key (case_no, seq)
);
-- BRIN: the journal only grows at its end, so finding its newest part costs who records next to nothing.
create index journal_landed on journal using brin (landed, at) with (pages_per_range = 16, autosummarize = on);
-- Few lines are of these kinds; one of any other costs nothing more.
create index journal_ratings on journal (region, at desc, case_no desc) where kind = 'rated';
create index journal_credit_notes on journal (region, at desc) where kind = 'revocation_decided';
create trigger append_only before update or delete on journal for each row execute function refuse_change();
create trigger never_emptied before truncate on journal execute function refuse_change();
alter table journal enable row level security;
grant select on journal to onething_api, onething_worker;
grant insert on journal to onething_writer;
create policy writer on journal to onething_writer using (true) with check (true);
create policy worker on journal for select to onething_worker using (true);
create policy of_visible_case on journal for select to onething_api using (
    exists (select from cases c where c.case_no = journal.case_no)
);
\ir functions/landed_for_good.sql
\ir functions/region_credit_notes.sql

-- Which anchors were made. What stands here proves nothing by itself, it tells which files there must be.
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
grant select, insert, update on ended_unanchored to onething_writer;
grant select, delete on ended_unanchored to onething_worker;
create policy writer on ended_unanchored to onething_writer using (true) with check (true);
create policy worker on ended_unanchored to onething_worker using (true);
\ir functions/note_ended.sql
create trigger ended after update on cases for each row
    when (new.ended_at is not null and new.head_seq <> old.head_seq) execute function note_ended();


-- ---------------------------------------------------------------------------------------------------------------------
-- Commands: what is to be done outside, and what departments' own systems have of it
-- ---------------------------------------------------------------------------------------------------------------------

-- Orders to a department's system say whose they are; `region` repeats the case's, as that of tasks does. Other commands
-- have neither.
create table commands (
    case_no text not null,
    id text not null,
    kind text not null,
    target text not null,
    status text not null check (status in ('open', 'done', 'void')),
    patience_at timestamptz,
    created_seq integer not null,
    created_at timestamptz not null,
    outcome_seq integer,
    epoch integer not null default present_epoch(),
    department text,
    region text,
    primary key (case_no, id)
) with (fillfactor = 80);
create index commands_open on commands (created_at) where status = 'open';
create index commands_at_systems on commands (department, region, patience_at, case_no, id)
    where status = 'open' and department is not null;
alter table commands enable row level security;
grant select on commands to onething_worker;
grant select, insert, update on commands to onething_writer;
grant select (case_no, id, kind, target, status, epoch, created_at, patience_at, department, region)
    on commands to onething_api;
create policy writer on commands to onething_writer using (true) with check (true);
create policy worker on commands for select to onething_worker using (true);
-- Data sources call back about their look-ups, departments' systems about their orders and what they were to undo.
create policy called_back on commands for select to onething_api using (
    (select actor_role()) = 'source' and kind = 'fetch_record' and case_no = actor_case_no()
);
create policy ordered on commands for select to onething_api using (
    (select actor_role()) = 'department_system' and kind in ('dispatch_item', 'undo_effect')
    and exists (select from cases c where c.case_no = commands.case_no)
);
-- A department's people, and supervisors, see what the department's own system has.
create policy at_systems on commands for select to onething_api using (
    case
        when department is null then false
        when (select actor_role()) in ('officer', 'leader') then
            department = actor_department() and region = actor_region()
        when (select actor_role()) = 'supervisor' then region = actor_region()
        else false
    end
);
\ir functions/look_ups_pending.sql

-- What a department inside a closed network is to fetch: left here by a worker, leased by the department's own agent.
-- Rows go with their command, or with the patience that we had.
create table outbound (
    case_no text not null,
    command text not null,
    department text not null,
    region text not null,
    patience_at timestamptz not null,
    free_at timestamptz not null, -- nobody has leased it from then on
    primary key (case_no, command)
) with (fillfactor = 50);
create index outbound_free on outbound (department, region, free_at);
create index outbound_patience on outbound (patience_at);
alter table outbound enable row level security;
grant select, insert, delete, update (free_at) on outbound to onething_worker;
grant select, delete, update (free_at) on outbound to onething_api;
create policy worker on outbound to onething_worker using (true) with check (true);
create policy own on outbound to onething_api using (
    (select actor_role()) = 'department_system'
    and department = actor_department() and region = actor_region()
);


-- ---------------------------------------------------------------------------------------------------------------------
-- Tasks: what people of departments have to do
-- ---------------------------------------------------------------------------------------------------------------------

-- A department's queue. `region` and `bundle` repeat the case's, so that a queue page reads this table alone; `queue_at` is
-- a column since under row-level security an expression such as coalesce() could not be compared within an index.
-- `flags`: why an open one is looked at before others, or stands still (domain/engine/task_flags.py). `right_data`: of a
-- discrepancy that was resolved, the data whose record was right, if one was.
create table tasks (
    task_id text primary key,
    case_no text not null,
    kind text not null,
    item text not null,
    name text not null,
    department text not null,
    region text not null,
    bundle text not null,
    bundle_code text not null generated always as (split_part(bundle, '@', 1)) stored, -- without its version
    round integer not null,
    state text not null check (state in ('open', 'done', 'lapsed')),
    due_at timestamptz,
    queue_at timestamptz not null generated always as (
        coalesce(least(due_at, statutory_due_at), '9999-12-31 00:00:00+00')
    ) stored,
    flags text[] not null default '{}',
    supervised_due_at timestamptz, -- when a supervisor is to be answered
    statutory_due_at timestamptz, -- of a decision: the law's date, where `due_at` is the promise
    opened_at timestamptz not null,
    closed_at timestamptz,
    claimed_by text,
    claimed_at timestamptz,
    closed_by text,
    result text,
    right_data text,
    constraint tasks_kind_check
        check (kind in ('decide', 'undo', 'consult', 'check', 'discrepancy', 'revoke', 'manual_check'))
) with (fillfactor = 80);
create index tasks_queue on tasks (department, region, queue_at, task_id) where state = 'open';
-- the views of a queue: one's own and what nobody has claimed; what is marked, a few among many
create index tasks_held on tasks (department, region, claimed_by, queue_at, task_id) where state = 'open';
create index tasks_flagged on tasks (department, region, queue_at, task_id) where state = 'open' and flags <> '{}';
create index tasks_closed on tasks (department, region, closed_at desc, task_id desc) where state <> 'open';
create index tasks_closed_by on tasks (department, region, closed_by, closed_at desc, task_id desc)
    where state <> 'open' and closed_by is not null;
create index tasks_closed_bundle on tasks (department, region, bundle_code, closed_at desc, task_id desc)
    where state <> 'open';
create index tasks_of_case on tasks (case_no);
-- the latest decisions of one item: a task gets into it once, as it is decided
create index tasks_decided on tasks (department, region, item, bundle_code, closed_at desc)
    where kind = 'decide' and state = 'done';
create index tasks_discrepancies on tasks (region, opened_at) where kind = 'discrepancy';
alter table tasks enable row level security;
grant select on tasks to onething_api, onething_worker;
grant select, insert, update on tasks to onething_writer;
create policy writer on tasks to onething_writer using (true) with check (true);
create policy worker on tasks for select to onething_worker using (true);
create policy visible on tasks for select to onething_api using (
    case (select actor_reach())
        when 'department' then department = actor_department() and region = actor_region()
        when 'outlet' then exists (select from cases c where c.case_no = tasks.case_no)
        when 'region' then region = actor_region()
        else false
    end
);
\ir functions/discrepancies_of.sql
\ir functions/queue_counts.sql


-- Notes (内部备注) of a department's people on an item of a case, whatever its rounds, and pins (标注) at one field or
-- material (`place`; empty: the item as a whole): sealed, for that department alone, kept after the decision. No letter,
-- event or line has them. They go with the duties.
create table task_notes (
    case_no text not null references cases,
    item text not null,
    department text not null,
    place text not null,
    region text not null,
    version integer not null,
    body bytea not null,
    by_subject text not null,
    at timestamptz not null,
    primary key (case_no, item, department, place)
);
alter table task_notes enable row level security;
grant select, insert, update (version, body, by_subject, at) on task_notes to onething_api;
grant select (case_no, item, department, place), update (department) on task_notes to onething_writer;
create policy writer on task_notes to onething_writer using (true);
create policy own on task_notes to onething_api using (
    case
        when (select actor_role()) in ('officer', 'leader') then
            department = actor_department() and region = actor_region()
            and exists (select from tasks t where t.case_no = task_notes.case_no and t.item = task_notes.item)
        else false
    end
);

-- Views of their queue that people have saved, at most twenty each: name and filter, sealed.
create table queue_views (
    subject text not null,
    n integer not null check (n between 1 and 20),
    body bytea not null,
    at timestamptz not null,
    primary key (subject, n)
);
alter table queue_views enable row level security;
grant select, insert, delete, update (body, at) on queue_views to onething_api;
create policy own on queue_views to onething_api using (
    case when (select actor_role()) in ('officer', 'leader') then subject = actor_subject() else false end
);

-- Phrases that they use in opinions, at most thirty each, sealed.
create table phrases (
    subject text not null,
    n integer not null check (n between 1 and 30),
    body bytea not null,
    at timestamptz not null,
    primary key (subject, n)
);
alter table phrases enable row level security;
grant select, insert, delete on phrases to onething_api;
create policy own on phrases to onething_api using (
    case when (select actor_role()) in ('officer', 'leader') then subject = actor_subject() else false end
);


-- ---------------------------------------------------------------------------------------------------------------------
-- Clocks: their ledger, the rungs of their ladders, and what people are reminded of
-- ---------------------------------------------------------------------------------------------------------------------

-- While a clock is suspended it is due at no moment. The case writer adds lines and never looks back. `clock` is its id, which
-- nothing here takes apart: its parts are `kind`, and the `subject` that it is about.
create table clock_ledger (
    case_no text not null,
    seq integer not null,
    clock text not null,
    kind text not null,
    subject text not null,
    what text not null,
    at timestamptz not null,
    due_at timestamptz,
    due_before timestamptz,
    primary key (case_no, seq, clock, what)
);
alter table clock_ledger enable row level security;
grant select on clock_ledger to onething_api, onething_worker;
grant insert on clock_ledger to onething_writer;
create policy writer on clock_ledger to onething_writer using (true) with check (true);
create policy worker on clock_ledger for select to onething_worker using (true);
create policy of_visible_case on clock_ledger for select to onething_api using (
    exists (select from cases c where c.case_no = clock_ledger.case_no)
);
\ir functions/recent_handlings.sql

-- Each rung of a clock's ladder at most once, whatever restarts: the index refuses a second. A clock that starts anew
-- (`since`) fires its rungs anew; so does one of which a new calendar has shown that a rung had not come: it is taken back.
create table rungs (
    case_no text not null,
    region text not null,
    bundle text not null,
    department text, -- that had the item then; of a case as a whole none
    clock text not null,
    since timestamptz not null,
    rung text not null,
    item text,
    seq integer not null,
    at timestamptz not null,
    tells text[] not null,
    card text check (card in ('yellow', 'red')),
    taken_back_at timestamptz,
    taken_back_seq integer,
    primary key (case_no, clock, since, rung, seq)
);
create unique index rungs_once on rungs (case_no, clock, since, rung) where taken_back_at is null;
-- cards in the order of their list, the newest first: all of a region, and those of one department
create index rungs_cards on rungs (region, at desc, case_no desc, clock desc, rung desc) where card is not null;
create index rungs_cards_of on rungs (region, department, at desc, case_no desc, clock desc, rung desc)
where card is not null;
alter table rungs enable row level security;
grant select on rungs to onething_api, onething_worker;
grant select (case_no, clock, since, rung, taken_back_at), insert,
    update (taken_back_at, taken_back_seq) on rungs to onething_writer;
create policy writer on rungs to onething_writer using (true) with check (true);
create policy worker on rungs for select to onething_worker using (true);
-- Leaders see the cards that their own department's items got; to be asked about an item does not make its cards one's own.
create policy supervised on rungs for select to onething_api using (
    case (select actor_role())
        when 'supervisor' then region = actor_region()
        when 'leader' then region = actor_region() and department = actor_department()
        else false
    end
);

-- 现场一次一评: who came to a counter, or was visited, may rate that once, by the code that they were given. One a case, place
-- and day, however much was done then. Of the code only a digest is kept. Staff see those that they recorded themselves, and
-- never what became of them: that is their region's supervisor's, by functions. `place`: at the hall's counter, at a
-- department's, or on site.
create table visits (
    id bigint primary key generated always as identity,
    case_no text not null references cases,
    region text not null,
    outlet text,
    place text not null check (place in ('counter', 'department', 'on_site')),
    department text,
    day date not null,
    at timestamptz not null,
    by text not null,
    code_hash bytea not null unique,
    expires_at timestamptz not null,
    rated_at timestamptz,
    grade integer check (grade between 1 and 5),
    tags text[],
    contact_by timestamptz,
    rectify_by timestamptz,
    contacted_at timestamptz,
    contact_note bytea,
    rectified_at timestamptz,
    rectify_note bytea,
    unique (case_no, place, day),
    check ((rated_at is null) = (grade is null)),
    check ((contacted_at is null) = (contact_note is null)),
    check ((rectified_at is null) = (rectify_note is null)),
    check (contacted_at is null or contact_by is not null),
    check (rectified_at is null or contacted_at is not null)
);
create index visits_rated on visits (region, rated_at desc, case_no desc) where rated_at is not null;
alter table visits enable row level security;
grant select (id, case_no, region, outlet, place, department, day, at, by, expires_at) on visits to onething_api;
create policy own on visits for select to onething_api using (
    case when (select actor_role()) in ('counter', 'officer', 'leader') then by = actor_subject() else false end
);
-- Their sums by day. In a few parts, so that who takes in does not wait for the clerk at the next counter.
create table visit_days (
    region text not null,
    day date not null,
    part integer not null,
    visits integer not null,
    rated integer not null,
    badly_rated integer not null,
    primary key (region, day, part)
) with (fillfactor = 70);
alter table visit_days enable row level security;
grant select on visit_days to onething_api;
create policy supervised on visit_days for select to onething_api using (
    case when (select actor_role()) = 'supervisor' then region = actor_region() else false end
);
\ir functions/note_visit.sql
\ir functions/region_ratings.sql
\ir functions/rate_visit.sql
\ir functions/region_visit.sql
\ir functions/answer_visit.sql

-- Figures of departments, summed up by day so that who reads them counts no decision anew: kept by workers, behind those
-- who record (ADR 0040). `figures_position`: lines of the journal that landed before it are in the sums. `figured_cases`:
-- what each case has added to them, to be taken away when it adds something else. `_us`: microseconds; `by_…`: by channel.
create table daily_figures (
    region text not null,
    department text not null,
    day date not null,
    bundle text not null,
    item text not null,
    decided integer not null,
    dated integer not null,
    early integer not null,
    met integer not null,
    missed integer not null,
    extensions integer not null,
    held_us bigint not null,
    paused_us bigint not null,
    law_paused_us bigint not null,
    yellow integer not null,
    red integer not null,
    returned integer not null,
    identity_only integer not null,
    by_online integer not null,
    by_phone integer not null,
    by_counter integer not null,
    by_agent integer not null,
    by_event integer not null,
    first_visits integer not null, -- of whole cases: taken in over a counter, and answered
    first_accepted integer not null, -- of these accepted, with nothing demanded before
    prechecked_visits integer not null, -- the same of those that a clerk had looked at before
    prechecked_accepted integer not null,
    rated integer not null, -- of whole cases, by the day of the rating
    badly_rated integer not null,
    primary key (region, department, day, bundle, item)
) with (fillfactor = 70);
-- Demands by the day of the one before for the same item ('-infinity': none), for a period counts an item once.
create table daily_demands (
    region text not null,
    department text not null,
    day date not null,
    bundle text not null,
    item text not null,
    previous date not null,
    demand text not null check (demand in ('demanded_first', 'demanded_second', 'demanded_later')),
    times integer not null,
    primary key (region, department, day, bundle, item, previous, demand)
);
create table figured_cases (
    case_no text primary key,
    region text not null,
    added jsonb not null
) with (fillfactor = 80);
create table figures_position (
    only_row boolean primary key default true check (only_row),
    landed bigint not null
);
insert into figures_position (landed) values (0);
alter table daily_figures enable row level security;
alter table daily_demands enable row level security;
alter table figured_cases enable row level security;
alter table figures_position enable row level security;
grant select, insert, update on daily_figures, daily_demands to onething_worker;
grant select, insert, update, delete on figured_cases to onething_worker;
grant select, update (landed) on figures_position to onething_worker;
create policy worker on daily_figures to onething_worker using (true) with check (true);
create policy worker on daily_demands to onething_worker using (true) with check (true);
create policy worker on figured_cases to onething_worker using (true) with check (true);
create policy worker on figures_position to onething_worker using (true) with check (true);
\ir functions/figures_of_cases.sql
\ir functions/figures_taken_up.sql
\ir functions/take_up_figures.sql
\ir functions/fold_figures.sql
\ir functions/region_figures.sql

-- Urges and supervisions (催办、督办), each as it stands, by its clock, whose kind is theirs. An open one is what a
-- department's queue and a supervisor's list show.
create table reminders (
    case_no text not null,
    region text not null,
    clock text not null,
    kind text not null,
    item text,
    departments text[] not null,
    since timestamptz not null,
    due_at timestamptz not null,
    result text check (result in ('met', 'missed', 'cancelled')),
    closed_at timestamptz,
    primary key (case_no, clock)
) with (fillfactor = 80);
create index reminders_open on reminders (region, due_at, case_no, clock) where result is null;
create index reminders_of_case on reminders (case_no) where result is null;
alter table reminders enable row level security;
grant select on reminders to onething_api;
grant select (case_no, clock, departments, due_at, result, closed_at), insert,
    update (departments, due_at, result, closed_at) on reminders to onething_writer;
create policy writer on reminders to onething_writer using (true) with check (true);
create policy visible on reminders for select to onething_api using (
    case
        when (select actor_role()) = 'supervisor' then region = actor_region()
        when (select actor_role()) in ('officer', 'leader', 'department_system') then
            region = actor_region() and actor_department() = any (departments)
        else false
    end
);


-- ---------------------------------------------------------------------------------------------------------------------
-- The outbox: cases whose workflow has something to learn
-- ---------------------------------------------------------------------------------------------------------------------

-- The outbox: cases whose workflow has something new to learn. The relay leases, sends and deletes. `told_seq`: the last
-- line that the workflow may have been told of when the row was made; 0 where it most likely has not begun.
create table handovers (
    case_no text primary key,
    seq integer not null,
    not_before timestamptz not null,
    leased_until timestamptz,
    attempts integer not null default 0,
    told_seq integer not null
) with (fillfactor = 50);
create index handovers_due on handovers (not_before);
alter table handovers enable row level security;
grant select, update, delete on handovers to onething_worker;
grant select, insert, update on handovers to onething_writer;
create policy writer on handovers to onething_writer using (true) with check (true);
create policy worker on handovers to onething_worker using (true) with check (true);
-- For metrics: how many wait, and since when. Of which cases is nobody's business.
grant select (not_before) on handovers to onething_api;
create policy length_of_queue on handovers for select to onething_api using (true);

-- When the reconciler last handed a case over again, and how often since the case last moved.
create table mendings (
    case_no text primary key,
    seq integer not null,
    times integer not null,
    last_at timestamptz not null,
    next_at timestamptz not null
);
alter table mendings enable row level security;
grant select, insert, update on mendings to onething_writer;
create policy writer on mendings to onething_writer using (true) with check (true);


-- ---------------------------------------------------------------------------------------------------------------------
-- Personal data of a case: sealed before it comes here; who may see it is decided here as well
-- ---------------------------------------------------------------------------------------------------------------------

-- Values by name: form, applicant, record:<data>, opinion:<item>:<round>, outputs:<item>, notice:<seq> … They come with an
-- event, by the case writer alone. `kind` is the name's. `departments` null: for every department of the case.
create table sealed_values (
    case_no text not null references cases,
    name text not null,
    kind text not null,
    departments text[],
    body bytea not null,
    at timestamptz not null,
    primary key (case_no, name)
);
alter table sealed_values enable row level security;
grant select on sealed_values to onething_api, onething_worker;
grant select, insert, update on sealed_values to onething_writer;
create policy writer on sealed_values to onething_writer using (true) with check (true);
create policy worker on sealed_values for select to onething_worker using (true);
\ir functions/asked_by.sql
-- Texts between a supervisor and the departments of a case are the only values that supervisors read, and not for the
-- applicant's side; nor is what departments say to each other. Before acceptance a department reads what its own tasks
-- are about, and nothing where it has none. `exists` runs under the caller's own policies on cases and tasks.
create policy party_reads on sealed_values for select to onething_api using (
    case
        when (select actor_role()) = 'supervisor' then kind = 'supervision'
        else actor_sees_personal_data()
            and (
                case
                    when actor_department() = '' then kind not in ('supervision', 'question', 'consult', 'recalled', 'review', 'conclusion', 'period', 'part')
                    else departments is null or actor_department() = any (departments)
                        or departments && asked_by(case_no)
                end
            )
    end
    and exists (
        select from cases c where c.case_no = sealed_values.case_no
            and (actor_department() = '' or c.accepted_at is not null
                 or exists (select from tasks t where t.case_no = c.case_no))
    )
);

-- Numbers that decisions have given out (credit codes, permits, plates …), by series and the number's keyed index: to nobody
-- twice. Each stays with the item of the case that gave it, whatever becomes of the decision; its later rounds may give it
-- again.
create table issued_numbers (
    series text not null,
    number bytea not null check (octet_length(number) = 16),
    case_no text not null,
    item text not null,
    primary key (series, number)
);
alter table issued_numbers enable row level security;
-- updated by its own value only: who finds a number taken so waits for whoever is just taking it
grant select, insert, update (case_no) on issued_numbers to onething_writer;
create policy writer on issued_numbers to onething_writer using (true) with check (true);

-- What a case shares with others, or is to: by the digest of what it is (a person's number, a name, a pool of a year). Held
-- since `held_at`; waiting its turn since `asked_at`. Empty again where the case needs it no more.
create table reservations (
    case_no text not null references cases,
    code text not null,
    key_index bytea not null check (octet_length(key_index) = 16),
    amount integer not null default 1 check (amount > 0),
    asked_at timestamptz,
    held_at timestamptz,
    primary key (case_no, code)
);
create index reservations_key on reservations (key_index) where asked_at is not null or held_at is not null;
alter table reservations enable row level security;
grant select, insert, update on reservations to onething_writer;
create policy writer on reservations to onething_writer using (true) with check (true);
\ir functions/take_reservations.sql
\ir functions/reserved_by.sql

-- A draft's answers and form, sealed as one JSON value; `version` is what If-Match compares.
create table drafts (
    case_no text primary key references cases,
    version integer not null,
    body bytea not null,
    at timestamptz not null
);
alter table drafts enable row level security;
grant select, insert, update, delete on drafts to onething_api;
grant select (case_no), delete on drafts to onething_worker;
create policy owner on drafts to onething_api using (
    (select actor_role()) in ('citizen', 'agent', 'counter')
    and exists (select from cases c where c.case_no = drafts.case_no and c.status = 'draft')
);

create policy forgotten on drafts to onething_worker using (
    exists (select from cases c where c.case_no = drafts.case_no and c.status = 'draft')
);

-- Uploaded files, sealed, every version kept; those of a draft go with it. No body: a paper that the counter has received. Not for departments before
-- acceptance.
create table material_files (
    case_no text not null references cases,
    code text not null,
    version integer not null,
    digest text,
    media_type text,
    size bigint,
    originals text[], -- SHA-256 of each photo that it was made from, in their order; null where it is what came
    body bytea,
    uploaded_by text not null,
    at timestamptz not null,
    primary key (case_no, code, version),
    check (originals is null or (digest is not null and cardinality(originals) between 1 and 20)),
    check ((body is null) = (digest is null) and (body is null) = (size is null))
);
alter table material_files alter column body set storage external;
alter table material_files enable row level security;
grant select, insert, delete on material_files to onething_api;
grant select, delete on material_files to onething_worker;
create policy worker on material_files for select to onething_worker using (true);
create policy party_reads on material_files for select to onething_api using (
    actor_sees_personal_data() and exists (
        select from cases c where c.case_no = material_files.case_no
            and (actor_department() = '' or c.accepted_at is not null)
    )
);
create policy of_draft_deleted on material_files for delete to onething_api using (
    exists (select from cases c where c.case_no = material_files.case_no and c.status = 'draft')
);
create policy of_draft_forgotten on material_files for delete to onething_worker using (
    exists (select from cases c where c.case_no = material_files.case_no and c.status = 'draft')
);
-- Files come from the applying side, and from the counter; that a paper is there is said by who received it.
create policy adds on material_files for insert to onething_api with check (
    case
        when (select actor_role()) in ('citizen', 'agent') then body is not null
        when (select actor_role()) = 'counter' then true
        when (select actor_role()) in ('officer', 'leader') then body is null
        else false
    end
    and exists (select from cases c where c.case_no = material_files.case_no)
);

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
    actor_sees_personal_data() and exists (
        select from cases c where c.case_no = material_reuses.case_no
            and (actor_department() = '' or c.accepted_at is not null)
    )
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
    actor_sees_personal_data()
    and exists (
        select from material_reuses r
        where r.from_case = material_files.case_no and r.code = material_files.code
            and r.from_version = material_files.version
    )
);

-- What clerks look at before it is handed in (prechecks): they read the draft and its files, and change nothing.
\ir functions/end_precheck.sql
\ir functions/draft_is_gone.sql
create trigger draft_is_gone after delete on drafts for each row execute function draft_is_gone();
\ir functions/draft_is_shown.sql
\ir functions/hand_over_draft.sql
create policy looked_at on drafts for select to onething_api using (
    case when actor_role() = 'counter' then draft_is_shown(case_no) else false end
);
create policy looked_at on material_files for select to onething_api using (
    case when actor_role() = 'counter' then draft_is_shown(case_no) else false end
);

-- What other systems told us and nobody has confirmed yet: it becomes a draft when somebody takes it up. Source and id of an
-- event are one event for good, as CloudEvents has it. `body` is sealed, and gone once it is a draft.
create table prefills (
    id text primary key,
    source text not null,
    event_id text not null,
    event text not null,
    system text not null,
    bundle text not null,
    region text not null,
    confirm text[] not null,
    identity_index bytea,
    digest bytea not null,
    received_at timestamptz not null,
    expires_at timestamptz not null,
    body bytea,
    taken_at timestamptz,
    taken_role text,
    case_no text, -- of the draft that was made of it, which may have been given up since
    unique (source, event_id),
    check ((taken_at is null) = (body is not null)),
    check ((taken_at is null) = (case_no is null))
);
create index prefills_waiting on prefills (region, received_at desc, id desc) where taken_at is null;
create index prefills_of_person on prefills (identity_index, received_at desc, id desc) where taken_at is null;
create index prefills_age on prefills (expires_at);
alter table prefills enable row level security;
grant select, insert, update (body, taken_at, taken_role, case_no) on prefills to onething_api;
grant select (expires_at), delete on prefills to onething_worker;
create policy sent on prefills for insert to onething_api with check (
    (select actor_role()) = 'event_source' and system = actor_subject() and taken_at is null
);
create policy known on prefills for select to onething_api using (
    case (select actor_role())
        when 'event_source' then system = actor_subject()
        when 'counter' then
            region = actor_region() and actor_outlets() is null and 'counter' = any (confirm)
        when 'citizen' then identity_index = actor_identity() and 'applicant' = any (confirm)
        else false
    end
);
create policy taken on prefills for update to onething_api using (
    case (select actor_role())
        when 'counter' then
            region = actor_region() and actor_outlets() is null and 'counter' = any (confirm)
        when 'citizen' then identity_index = actor_identity() and 'applicant' = any (confirm)
        else false
    end
);
create policy forgotten on prefills to onething_worker using (true);


-- ---------------------------------------------------------------------------------------------------------------------
-- Certificates (电子证照), notices and letters
-- ---------------------------------------------------------------------------------------------------------------------

-- What one says is signed and sealed in `body`; the other columns only find it, and each is compared with what was signed
-- before anything is shown. That it was issued, and whether it was revoked, is said by the journal alone.
create table certificates (
    number text primary key,
    case_no text not null references cases,
    item text not null,
    output text not null,
    edition integer not null check (edition > 0), -- of the item's certificates: a later one took the place of an earlier
    bundle text not null, -- its code
    kind text not null generated always as (bundle || '.' || item || '.' || output) stored,
    holder bytea not null,
    issued_at timestamptz not null,
    signature bytea not null,
    body bytea not null,
    unique (case_no, item, output, edition)
);
create index certificates_holder on certificates (holder, issued_at desc, number desc);
alter table certificates enable row level security;
grant select on certificates to onething_api;
grant select, insert on certificates to onething_worker;
create policy worker on certificates to onething_worker using (true) with check (true);
create policy party on certificates for select to onething_api using (
    actor_sees_personal_data() and exists (select from cases c where c.case_no = certificates.case_no)
);
-- Somebody who verifies a certificate sees that one: the subject is its number.
create policy by_number on certificates for select to onething_api using (
    (select actor_role()) = 'public' and number = actor_subject()
);
-- One's own by the identity that one has proved; another's with their consent. When that ends is judged by who asks.
create policy searched on certificates for select to onething_api using (
    case
        when (select actor_role()) = 'citizen' and holder = actor_identity() then true
        when (select actor_role()) in ('citizen', 'agent', 'counter', 'officer', 'leader') then exists (
            select from mandates m
            where m.giver_index = certificates.holder and m.agent = actor_subject()
                and 'licences' = any (m.acts) and m.revoked_at is null
                and (m.bundles = '{}' or certificates.bundle = any (m.bundles))
        )
        else false
    end
);
\ir functions/certificate_belongs.sql
create trigger certificate_belongs before insert on certificates for each row execute function certificate_belongs();
\ir functions/certificate_standings.sql

-- Notices that were sent, by the command that sent them.
-- `reaches`: the applicant had chosen to be served electronically, so that what it tells of has reached them by it.
create table notices (
    case_no text not null references cases,
    command_id text not null,
    template text not null,
    audience text not null,
    at timestamptz not null,
    reaches boolean not null,
    primary key (case_no, command_id, audience)
);
alter table notices enable row level security;
grant select on notices to onething_api;
grant select, insert on notices to onething_worker;
create policy worker on notices to onething_worker using (true) with check (true);
create policy of_visible_case on notices for select to onething_api using (
    exists (select from cases c where c.case_no = notices.case_no)
);

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
grant select (case_no, seq) on letter_readings to onething_writer;
create policy writer on letter_readings for select to onething_writer using (true);

-- Results and adverse letters that have gone out, or can't, and of which the applicant does not know yet: what the counter
-- calls and posts. A row goes as soon as they know, unless it is owed on paper, so the table does not grow with what has ended.
create table unread_letters (
    case_no text not null,
    region text not null,
    letter integer not null,
    kind text not null,
    channel text not null check (channel in ('electronic', 'counter', 'post')),
    since timestamptz not null,
    due_at timestamptz not null,
    step text not null check (step in ('call', 'post', 'confirm')),
    primary key (case_no, letter)
);
create index unread_letters_due on unread_letters (region, due_at, case_no, letter);
alter table unread_letters enable row level security;
grant select, delete on unread_letters to onething_api;
grant select (case_no, letter, due_at, step), insert, update (due_at, step), delete on unread_letters to onething_writer;
create policy writer on unread_letters to onething_writer using (true) with check (true);
create policy counter_and_applicant on unread_letters for select to onething_api using (
    case
        when (select actor_role()) = 'counter' and actor_outlets() is not null then
            exists (select from cases c where c.case_no = unread_letters.case_no)
        when (select actor_role()) = 'counter' then region = actor_region()
        when (select actor_role()) in ('citizen', 'agent') then
            exists (select from cases c where c.case_no = unread_letters.case_no)
        else false
    end
);
create policy applicant_reads on unread_letters for delete to onething_api using (
    (select actor_role()) in ('citizen', 'agent')
    and exists (select from cases c where c.case_no = unread_letters.case_no)
);


-- ---------------------------------------------------------------------------------------------------------------------
-- Data sources: what workers share about them. No cases and nobody's data, but for kept_records and status_addresses,
-- which are sealed and found by a keyed index only
-- ---------------------------------------------------------------------------------------------------------------------

-- How they do: counts by the hour, kept for some days.
create table source_figures (
    source text not null,
    hour timestamptz not null,
    seen text not null,
    bucket smallint not null,
    times bigint not null,
    primary key (source, hour, seen, bucket)
);
create index source_figures_hour on source_figures (hour);
alter table source_figures enable row level security;
grant select, insert, update, delete on source_figures to onething_worker;
grant select, insert, update on source_figures to onething_api;
create policy worker on source_figures to onething_worker using (true) with check (true);
create policy supervised on source_figures for select to onething_api
    using ((select actor_role()) in ('supervisor', 'leader'));
-- a source that calls back counts for itself
create policy called_back on source_figures to onething_api
    using ((select actor_role()) = 'source' and source = actor_code())
    with check ((select actor_role()) = 'source' and source = actor_code());

-- Breakers that are not closed. A worker that is gone tells nothing any more: what it told is passed over after a minute,
-- and deleted.
create table source_breakers (
    source text not null,
    worker text not null,
    state text not null,
    since timestamptz not null,
    told_at timestamptz not null,
    primary key (source, worker)
) with (fillfactor = 50);
alter table source_breakers enable row level security;
grant select, insert, update, delete on source_breakers to onething_worker;
grant select on source_breakers to onething_api;
create policy worker on source_breakers to onething_worker using (true) with check (true);
create policy supervised on source_breakers for select to onething_api
    using ((select actor_role()) in ('supervisor', 'leader'));

-- How far the time of a rate-limited data source is shared out among workers. One row a source, and nothing lost with it.
create unlogged table source_rates (
    source text primary key,
    taken_until timestamptz not null
) with (fillfactor = 50);
alter table source_rates enable row level security;
grant select, insert, update on source_rates to onething_worker;
create policy worker on source_rates to onething_worker using (true) with check (true);

-- Who among the workers may make how many calls at once to a data source. One row a source; nothing is lost with it but
-- that, for as long as a call lasts, there may be more of them.
create unlogged table source_slots (
    source text primary key,
    shares text not null default '{}'
) with (fillfactor = 50);
alter table source_slots enable row level security;
grant select, insert, update on source_slots to onething_worker;
create policy worker on source_slots to onething_worker using (true) with check (true);

-- The newest record of each look-up at a source whose definition lets it be used again. Only workers read them, found by
-- the keyed index of what was asked; `until`: when they are forgotten.
create table kept_records (
    source text not null,
    asked bytea not null check (octet_length(asked) = 16),
    came_at timestamptz not null,
    until timestamptz not null,
    body bytea not null,
    primary key (source, asked),
    constraint kept_records_check check (until > came_at)
);
create index kept_records_until on kept_records (until);
alter table kept_records enable row level security;
grant select, insert, update, delete on kept_records to onething_worker;
create policy worker on kept_records to onething_worker using (true) with check (true);

-- Where a source that was asked has said that its answer will be. Only workers read it, by the key they asked with;
-- `until`: when it is forgotten.
create table status_addresses (
    key text primary key,
    until timestamptz not null,
    body bytea not null
);
create index status_addresses_until on status_addresses (until);
alter table status_addresses enable row level security;
grant select, insert, update, delete on status_addresses to onething_worker;
create policy worker on status_addresses to onething_worker using (true) with check (true);


-- ---------------------------------------------------------------------------------------------------------------------
-- Subscriptions: who is told what happens to cases, and how far each has been told
-- ---------------------------------------------------------------------------------------------------------------------

-- `secrets` are sealed. (landed, case_no, seq) is the last line that was told; `rewind_to`: it is to be told anew from
-- this moment on. `attempts` and `next_at` are of the line after it; `failing_since`: nothing got through since then.
create table subscriptions (
    id text primary key,
    url text not null,
    types text[] not null,
    bundle text,
    region text,
    secrets bytea not null,
    created_at timestamptz not null,
    created_by text not null,
    disabled_at timestamptz,
    disabled_why text,
    landed bigint not null default landed_for_good(),
    case_no text not null default '',
    seq integer not null default 0,
    rewind_to timestamptz,
    attempts integer not null default 0,
    next_at timestamptz,
    failing_since timestamptz,
    last_failure text,
    delivered bigint not null default 0,
    delivered_at timestamptz
) with (fillfactor = 50);
alter table subscriptions enable row level security;
grant select, insert, delete, update (secrets, disabled_at, disabled_why, rewind_to, attempts, next_at, failing_since)
    on subscriptions to onething_api;
grant select, update on subscriptions to onething_worker;
create policy admin on subscriptions to onething_api using ((select actor_role()) = 'admin');
create policy worker on subscriptions to onething_worker using (true);

create table dead_letters (
    subscription text not null references subscriptions on delete cascade,
    case_no text not null,
    seq integer not null,
    type text not null,
    at timestamptz not null,
    attempts integer not null,
    failure text not null,
    given_up_at timestamptz not null,
    primary key (subscription, case_no, seq)
);
alter table dead_letters enable row level security;
grant select on dead_letters to onething_api;
grant select, insert, update, delete on dead_letters to onething_worker;
create policy admin on dead_letters for select to onething_api using ((select actor_role()) = 'admin');
create policy worker on dead_letters to onething_worker using (true);


-- ---------------------------------------------------------------------------------------------------------------------
-- Requests: first answers, and who looked at what
-- ---------------------------------------------------------------------------------------------------------------------

-- First answers to requests, sealed, kept 30 days. Status and response come before commit, or the row does not stay.
create table idempotency (
    caller text not null,
    route text not null,
    key text not null,
    request_digest bytea not null,
    status integer,
    response bytea,
    created_at timestamptz not null,
    primary key (caller, route, key)
);
create index idempotency_age on idempotency (created_at);
alter table idempotency enable row level security;
grant select, insert, update on idempotency to onething_api;
grant select (created_at), delete on idempotency to onething_worker;
create policy own on idempotency to onething_api using (caller = actor_subject());
create policy worker on idempotency to onething_worker using (true);

-- Who may not come in although their token is in force: one token by its id, or a subject whatever the token. Every API
-- process keeps what stands; a new line rings (tables/lockouts.sql).
create table lockouts (
    id bigint generated always as identity primary key,
    kind text not null check (kind in ('token', 'subject')),
    value text not null,
    at timestamptz not null,
    by_subject text not null,
    reason text not null,
    until timestamptz, -- when a token ends anyway
    lifted_at timestamptz,
    lifted_by text,
    check (kind = 'subject' or until is not null)
);
create unique index lockouts_standing on lockouts (kind, value) where lifted_at is null;
create index lockouts_until on lockouts (until) where lifted_at is null;
alter table lockouts enable row level security;
grant select, insert, update (lifted_at, lifted_by) on lockouts to onething_api;
create policy api_knows on lockouts for select to onething_api using (true);
create policy signs_out on lockouts for insert to onething_api with check (
    by_subject = actor_subject() and ((select actor_role()) = 'admin' or kind = 'token')
);
create policy admin_lifts on lockouts for update to onething_api
    using ((select actor_role()) = 'admin' and kind = 'subject') with check (lifted_by = actor_subject());

-- Who is signed in at the pages, with which browser: found by the digest of what the browser's cookie holds, and by that alone.
-- `token` and `refresh` are sealed. Who signed in may see and end what is theirs, who runs the system everybody's; whoever begins
-- another sweeps up what is over
-- (`actor_at` is never for who said no time: then the machine's counts).
create table page_sessions (
    digest bytea primary key,
    subject text not null,
    token bytea not null,
    issuer text, -- the code of whom it was begun with; none under trial
    refresh bytea, -- for which that issuer gives a new token; none: the session ends with the token
    shared boolean not null, -- at a public computer
    browser text not null, -- which kind, on which kind of machine; no more of it is kept
    began_at timestamptz not null,
    seen_at timestamptz not null, -- to the minute
    ends_at timestamptz not null
);
create index page_sessions_subject on page_sessions (subject);
create index page_sessions_ends on page_sessions (ends_at);
alter table page_sessions enable row level security;
grant select, insert, update (token, refresh, seen_at), delete on page_sessions to onething_api;
create policy own on page_sessions for select to onething_api using (
    case (select actor_role())
        when 'public' then encode(digest, 'hex') = actor_subject() or ends_at <= least(actor_at(), now())
        when 'admin' then true
        else subject = actor_subject()
    end
);
create policy begins on page_sessions for insert to onething_api with check (
    (select actor_role()) = 'public' and encode(digest, 'hex') = actor_subject()
);
create policy is_used on page_sessions for update to onething_api using (
    (select actor_role()) = 'public' and encode(digest, 'hex') = actor_subject()
);
create policy ends on page_sessions for delete to onething_api using (
    case (select actor_role())
        when 'public' then encode(digest, 'hex') = actor_subject() or ends_at <= least(actor_at(), now())
        when 'admin' then true
        else subject = actor_subject()
    end
);

-- What somebody had filled in when their session ended, for half an hour: found by the digest of what their browser's cookie
-- holds, given back to `subject` alone. `fields` are sealed.
create table kept_forms (
    digest bytea primary key,
    subject text not null,
    path text not null, -- where the form goes
    fields bytea not null,
    until timestamptz not null
);
create index kept_forms_until on kept_forms (until);
alter table kept_forms enable row level security;
grant select, insert, delete on kept_forms to onething_api;
create policy own on kept_forms for select to onething_api using (
    (select actor_role()) = 'public' and (encode(digest, 'hex') = actor_subject() or until <= least(actor_at(), now()))
);
create policy keeps on kept_forms for insert to onething_api with check (
    (select actor_role()) = 'public' and encode(digest, 'hex') = actor_subject()
);
create policy ends on kept_forms for delete to onething_api using (
    (select actor_role()) = 'public' and (encode(digest, 'hex') = actor_subject() or until <= least(actor_at(), now()))
);

-- Whose death a case reports: named with the application, by the blind index of the number. Ended when the item is approved;
-- a registration that falls is lifted. Nothing of it is ever deleted: the log of a person's end.
create table ended_persons (
    case_no text not null,
    item text not null,
    bundle text not null,
    identity_index bytea not null,
    bears boolean not null, -- certificates of the item are made out to them, not to who applied
    reported_at timestamptz not null, -- the last time: a case that is reopened for it reports it once more
    ended_at timestamptz,
    lifted_at timestamptz,
    dropped_at timestamptz, -- the case ended, and nothing was registered
    changed_at timestamptz, -- by the clock of the process that wrote it: what others have not read yet
    primary key (case_no, item)
);
create index ended_persons_person on ended_persons (identity_index);
create index ended_persons_changed on ended_persons (changed_at) where changed_at is not null;
alter table ended_persons enable row level security;
grant select, insert, update (identity_index, bears, reported_at) on ended_persons to onething_api;
grant select on ended_persons to onething_worker;
create policy worker on ended_persons for select to onething_worker using (true);
grant select, update (reported_at, ended_at, lifted_at, dropped_at, changed_at) on ended_persons to onething_writer;
create policy writer on ended_persons to onething_writer using (true);
-- What is said of oneself; whom a case of one's own names; and, of the applicants of cases that one handles, who is no more.
-- Whoever else has to know it asks the functions below, which tell no more of it than that.
create policy api_knows on ended_persons for select to onething_api using (
    case
        when identity_index = actor_identity() then true
        when (select actor_role()) in ('citizen', 'agent', 'counter')
            and exists (select from cases c where c.case_no = ended_persons.case_no) then true
        when (select actor_role()) in ('counter', 'supervisor') then exists (
            select from cases c where c.identity_index = ended_persons.identity_index and c.status <> 'draft'
        )
        when (select actor_role()) in ('officer', 'leader') then exists (
            select from cases c where c.identity_index = ended_persons.identity_index and c.accepted_at is not null
        )
        else false
    end
);
create policy named on ended_persons for insert to onething_api with check (
    ended_at is null and exists (select from cases c where c.case_no = ended_persons.case_no)
);
create policy named_anew on ended_persons for update to onething_api using (
    ended_at is null and exists (select from cases c where c.case_no = ended_persons.case_no)
);
\ir functions/is_registered_ended.sql
\ir functions/person_has_ended.sql
\ir functions/persons_changed.sql
\ir functions/change_persons.sql

-- Views, searches, refusals and sign-ins, for auditors; of what is theirs people learn by a function. `department`, `region`,
-- `outlet`: for which office whoever it was worked. Of persons it holds the address that a call came from, the
-- blind index of whose number was searched, and the reason, sealed. Lines of refused strangers sum up a minute (`times`).
create table access_log (
    id bigint generated always as identity,
    at timestamptz not null,
    subject text not null,
    role text not null,
    department text,
    region text,
    outlet text,
    act text not null,
    case_no text,
    whose bytea,
    found integer,
    reason bytea,
    outcome text not null,
    address text,
    request_id text,
    times integer not null default 1 check (times > 0),
    detail text,
    primary key (at, id)
);
create index access_log_subject on access_log (subject, at, id);
create index access_log_act on access_log (act, at, id);
create index access_log_case on access_log (case_no, at, id) where case_no is not null;
create index access_log_whose on access_log (whose, at, id) where whose is not null;
create index access_log_outcome on access_log (outcome, at, id) where outcome <> 'done';
create trigger append_only before update or delete on access_log for each row execute function refuse_change();
create trigger never_emptied before truncate on access_log execute function refuse_change();
alter table access_log enable row level security;
grant insert on access_log to onething_api, onething_worker, onething_writer;
grant select on access_log to onething_api;
create policy api_adds on access_log for insert to onething_api with check (true);
create policy worker_adds on access_log for insert to onething_worker with check (true);
create policy writer_adds on access_log for insert to onething_writer with check (true);
create policy auditor_reads on access_log for select to onething_api using (
    case (select actor_role()) when 'auditor' then true else false end
);
\ir functions/access_to_me.sql
\ir functions/case_opened_by.sql


-- ---------------------------------------------------------------------------------------------------------------------
-- The case writer: the one way into the record
-- ---------------------------------------------------------------------------------------------------------------------

\ir functions/enter_case.sql
\ir functions/write_case.sql
