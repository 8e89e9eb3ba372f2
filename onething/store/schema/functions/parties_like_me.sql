-- Where the caller is a party of what somebody else applied for, newest first: of the record, how they stand themselves and how
-- far look-ups are. As owner: neither the case nor its state is theirs to see.
create function parties_like_me(before_at timestamptz, before_id text, at_most integer)
returns table (case_no text, party text, bundle text, region text, at timestamptz, asker bytea, standing text, data text,
               open boolean)
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
    select c.case_no, p.party, c.bundle, c.region, p.at, p.asker,
           s.body::jsonb -> 'parties' -> p.party, s.body::jsonb -> 'data',
           c.status in ('submitted', 'correction', 'accepted', 'processing')
    from public.case_parties p
        join public.cases c on c.case_no = p.case_no
        join public.case_state s on s.case_no = p.case_no
    where p.identity_index = public.actor_identity() and c.identity_index <> p.identity_index
        and public.actor_role() in ('citizen', 'agent')
        and (p.at, p.case_no || '/' || p.party) < (before_at, before_id)
    order by p.at desc, p.case_no || '/' || p.party desc limit at_most
$$;
revoke all on function parties_like_me from public;
grant execute on function parties_like_me to onething_api;
