-- name: enter
select * from enter_case(:case_no, :task_id, :command_id)

-- name: plan
select body from plans where digest = :digest

-- name: calendar
select body from calendars where digest = :digest

-- name: record
select write_case(:unit::jsonb)
