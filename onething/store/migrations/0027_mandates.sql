-- 委托: who may act for whom, in what, until when. Given by the person, or recorded at the counter with a signed paper.

create table mandates (
    id text primary key,
    giver text,
    giver_index bytea not null,
    agent text not null,
    kind text not null check (kind in ('helper', 'family', 'delegate')),
    bundles text[] not null,
    acts text[] not null,
    region text not null,
    recorded_by text not null,
    paper boolean not null,
    given_at timestamptz not null,
    expires_at timestamptz not null,
    revoked_at timestamptz,
    body bytea not null,
    check (expires_at > given_at)
);
create index mandates_giver on mandates (giver, given_at desc, id desc) where giver is not null;
create index mandates_of_person on mandates (giver_index, given_at desc, id desc);
create index mandates_agent on mandates (agent, given_at desc, id desc);
create index mandates_region on mandates (region, given_at desc, id desc);
alter table mandates enable row level security;
grant select, insert, update (revoked_at) on mandates to onething_api;
create policy known on mandates for select to onething_api using (
    case (select actor_role())
        when 'counter' then region = (select actor_region())
        when 'citizen' then
            giver = (select actor_subject()) or agent = (select actor_subject())
            or encode(giver_index, 'hex') = (select actor_identity())
        when 'agent' then agent = (select actor_subject())
        else false
    end
);
-- For oneself only with the identity that one has proved; for somebody else only at the counter, which keeps the paper.
create policy given on mandates for insert to onething_api with check (
    recorded_by = (select actor_subject()) and region = (select actor_region()) and revoked_at is null
    and case (select actor_role())
        when 'counter' then giver is null and paper
        when 'citizen' then
            giver = (select actor_subject()) and not paper and encode(giver_index, 'hex') = (select actor_identity())
        else false
    end
);
create policy revoked on mandates for update to onething_api using (
    case (select actor_role())
        when 'counter' then region = (select actor_region())
        when 'citizen' then
            giver = (select actor_subject()) or encode(giver_index, 'hex') = (select actor_identity())
        else false
    end
);

-- Under which mandate an agent opened the case, and whose it is then: `principal` is the giver, who sees it as their own.
alter table cases add column mandate text references mandates, add column principal text;
create index cases_mandate on cases (mandate, created_at desc) where mandate is not null;

-- Only a mandate that the actor holds, and of the giver that it names.
create function mandate_is_held() returns trigger language plpgsql as $$
begin
    perform from mandates m where m.id = new.mandate and m.agent = new.created_by
        and m.giver is not distinct from new.principal and m.giver_index = new.identity_index;
    if not found then
        raise exception 'no such mandate' using errcode = 'insufficient_privilege';
    end if;
    return new;
end $$;
create trigger mandate_is_held before insert on cases for each row
    when (new.mandate is not null or new.principal is not null) execute function mandate_is_held();

-- As in 0018, and what was done in one's name once it was submitted.
alter policy visible on cases using (
    case
        when (select actor_role()) in ('citizen', 'agent') then
            created_by = (select actor_subject()) or agent = (select actor_subject())
            or (principal = (select actor_subject()) and status <> 'draft')
        when (select actor_role()) in ('counter', 'supervisor') then
            region = (select actor_region()) and (status <> 'draft' or created_by = (select actor_subject()))
        when (select actor_role()) in ('officer', 'leader', 'department_system') then
            region = (select actor_region()) and status <> 'draft' and (select actor_department()) = any (departments)
        when (select actor_role()) = 'public' then encode(query_hash, 'hex') = (select actor_subject())
        when (select actor_role()) = 'source' then
            status <> 'draft' and case_no = split_part((select actor_subject()), '/', 3)
        else false
    end
);
