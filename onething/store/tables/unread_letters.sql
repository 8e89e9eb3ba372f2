-- name: due
-- An electronic letter that was read in the instant in which its notice went out is left out here.
select u.case_no, c.bundle, u.letter, u.kind, u.channel, u.since, u.due_at, u.step
from unread_letters u join cases c on c.case_no = u.case_no
where u.region = :region and u.due_at <= :now
  and (u.due_at, u.case_no, u.letter) > (:after_at, :after_case, :after_letter)
  and not (
      u.channel = 'electronic'
      and exists (select from letter_readings r where r.case_no = u.case_no and r.seq = u.letter)
  )
order by u.due_at, u.case_no, u.letter limit :limit
