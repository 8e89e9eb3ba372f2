-- 电子证照: every certificate is known by its holder, too, and found by whom they consent to.

alter table certificates add column holder bytea, add column kind text;
update certificates set
    holder = c.identity_index, kind = split_part(c.bundle, '@', 1) || '.' || certificates.item || '.' || certificates.output
from cases c where c.case_no = certificates.case_no;
alter table certificates alter column holder set not null, alter column kind set not null;
create index certificates_holder on certificates (holder, issued_at desc, number desc);

-- Whose it is follows from its case: nobody says it, also not a process that is older than this.
create function certificate_belongs() returns trigger language plpgsql as $$
begin
    select c.identity_index, split_part(c.bundle, '@', 1) || '.' || new.item || '.' || new.output
    into new.holder, new.kind
    from cases c where c.case_no = new.case_no;
    return new;
end $$;
create trigger certificate_belongs before insert on certificates for each row execute function certificate_belongs();

-- Who works for an office may be let look, and do nothing else.
alter table mandates drop constraint mandates_kind_check;
alter table mandates add constraint mandates_kind_check check (
    kind in ('helper', 'family', 'delegate') or (kind = 'office' and acts = array['licences'])
);
alter policy known on mandates using (
    case (select actor_role())
        when 'counter' then region = (select actor_region())
        when 'citizen' then
            giver = (select actor_subject()) or agent = (select actor_subject())
            or encode(giver_index, 'hex') = (select actor_identity())
        when 'agent' then agent = (select actor_subject())
        when 'officer' then agent = (select actor_subject())
        when 'leader' then agent = (select actor_subject())
        else false
    end
);

-- One's own by the identity that one has proved; another's with their consent. When that ends is judged by who asks.
create policy searched on certificates for select to onething_api using (
    case
        when (select actor_role()) = 'citizen' and encode(holder, 'hex') = (select actor_identity()) then true
        when (select actor_role()) in ('citizen', 'agent', 'counter', 'officer', 'leader') then exists (
            select from mandates m
            where m.giver_index = certificates.holder and m.agent = (select actor_subject())
                and 'licences' = any (m.acts) and m.revoked_at is null
                and (m.bundles = '{}' or split_part(certificates.kind, '.', 1) = any (m.bundles))
        )
        else false
    end
);
