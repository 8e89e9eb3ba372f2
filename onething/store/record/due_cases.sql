-- name: take_writer_role
select set_config('role', 'onething_writer', true)

-- name: due
-- Cases whose next moment has come, those that have waited longest first; and when the next one after now comes.
select array(
    select case_no from cases
    where next_wake_at <= :now and case_no <> all (:put_off::text[])
    order by next_wake_at limit :limit
) as due, (
    select min(next_wake_at) from cases where next_wake_at > :now
) as following, set_config('role', 'none', true)
