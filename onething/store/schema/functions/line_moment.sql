-- The moment that a line of the journal names. How text is read as a moment depends on settings, but for this form: UTC to
-- the microsecond. Null for any other, which no line may have. In plpgsql, since SQL functions are planned anew for each
-- statement where they can't be inlined.
create function line_moment(at text) returns timestamptz language plpgsql immutable strict parallel safe as $$
begin
    return case when at ~ '^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$' then at::timestamptz end;
end $$;
