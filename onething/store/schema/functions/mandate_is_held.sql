-- Only a mandate that the actor holds, and of the applicant.
create function mandate_is_held() returns trigger language plpgsql as $$
begin
    perform from mandates m
    where m.id = new.mandate and m.agent = actor_subject() and m.giver_index = new.identity_index;
    if not found then
        raise exception 'no such mandate' using errcode = 'insufficient_privilege';
    end if;
    return new;
end $$;
