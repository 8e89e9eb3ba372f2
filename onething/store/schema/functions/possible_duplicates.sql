-- Other cases that may be the same 一件事 once more, for a counter or a department that sees this one (the query starts from
-- it): its applicant has another under way, or a draft, of the same bundle in the same region; or one under way, or decided
-- since a moment, is about the same (`of_key`: as a draft has it; null: as the case has it). As owner: that there is another is
-- told of those too that are not the caller's to see.
create function possible_duplicates(of_case text, of_key bytea, ended_after timestamptz) returns setof text
language sql stable rows 1 security definer set search_path = pg_catalog, public, pg_temp as $$
    with this as (
        select c.case_no, c.identity_index, c.bundle_code, c.region, coalesce(of_key, k.key_index) as key_index
        from public.cases c left join public.case_keys k using (case_no)
        where c.case_no = of_case and public.actor_role() in ('counter', 'officer', 'leader')
    )
    select o.case_no
    from this join public.cases o using (identity_index, bundle_code, region)
    where o.ended_at is null and o.case_no <> this.case_no
      and not exists (
          select from public.case_keys k where k.case_no = o.case_no and k.key_index <> this.key_index
      )
    union
    select o.case_no
    from this join public.case_keys k on k.key_index = this.key_index and k.region = this.region
        join public.cases o on o.case_no = k.case_no
    where o.case_no <> this.case_no
      and (o.ended_at is null or (o.ended_at > ended_after and o.status not in ('withdrawn', 'rejected', 'terminated')))
$$;
revoke all on function possible_duplicates from public;
grant execute on function possible_duplicates to onething_api;
