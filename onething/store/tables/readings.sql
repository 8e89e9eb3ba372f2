-- name: mark
with known as (
    -- who has read it need not be called; who wants it on paper is still to have it
    delete from unread_letters where case_no = :case_no and letter = :seq and channel = 'electronic'
)
insert into letter_readings (case_no, seq, at) values (:case_no, :seq, :at) on conflict (case_no, seq) do nothing

-- name: of_case
select seq, at from letter_readings where case_no = :case_no order by seq
