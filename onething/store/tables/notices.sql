-- name: sent
insert into notices (case_no, command_id, template, audience, at, reaches)
values (:case_no, :command_id, :template, :audience, :at, :reaches)
on conflict (case_no, command_id, audience) do nothing

-- name: of_case
select command_id, template, audience, at, reaches from notices where case_no = :case_no order by at, command_id, audience
