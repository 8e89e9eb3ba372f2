-- Who acts: set by whoever opens the transaction, and gone with it. Policies ask these and nothing else.
create function actor_subject() returns text language sql stable parallel safe
    as $$ select coalesce(current_setting('onething.subject', true), '') $$;
create function actor_role() returns text language sql stable parallel safe
    as $$ select coalesce(current_setting('onething.role', true), '') $$;
create function actor_department() returns text language sql stable parallel safe
    as $$ select coalesce(current_setting('onething.department', true), '') $$;
create function actor_region() returns text language sql stable parallel safe
    as $$ select coalesce(current_setting('onething.region', true), '') $$;
-- The outlets that the caller is bound to, in place of the region; null for everybody else.
create function actor_outlets() returns text[] language sql stable parallel safe
    as $$ select string_to_array(nullif(current_setting('onething.outlets', true), ''), ',') $$;
-- As far as what do rows of cases reach the caller: a person's own; what a helper at an outlet has begun for others; what
-- certain outlets took in; a region's; what is a department's in its region. Of any other role, the role.
create function actor_reach() returns text language sql stable parallel safe
    as $$ select case actor_role()
        when 'citizen' then 'person'
        when 'agent' then case when actor_outlets() is null then 'person' else 'helper' end
        when 'counter' then case when actor_outlets() is null then 'region' else 'outlet' end
        when 'supervisor' then 'region'
        when 'officer' then 'department'
        when 'leader' then 'department'
        when 'department_system' then 'department'
        else actor_role()
    end $$;
-- The data source that calls back, and about which case; empty for everybody else.
create function actor_code() returns text language sql stable parallel safe
    as $$ select coalesce(current_setting('onething.code', true), '') $$;
create function actor_case_no() returns text language sql stable parallel safe
    as $$ select coalesce(current_setting('onething.case_no', true), '') $$;
-- The blind index of the identity number that the caller has proved; null for none.
create function actor_identity() returns bytea language sql stable parallel safe
    as $$ select decode(nullif(current_setting('onething.identity', true), ''), 'hex') $$;
-- When the act was asked for, by the clock of the process; never, where nobody said so: then no mandate is in force.
create function actor_at() returns timestamptz language sql stable parallel safe
    as $$ select coalesce(nullif(current_setting('onething.at', true), '')::timestamptz, 'infinity') $$;

create function actor_sees_personal_data() returns boolean language sql stable parallel safe as $$
    select actor_role() in ('citizen', 'agent', 'counter', 'officer', 'leader', 'department_system')
$$;
