-- name: name
insert into ended_persons (case_no, item, bundle, identity_index, bears, reported_at)
values (:case_no, :item, :bundle, :identity_index, :bears, :at)
on conflict (case_no, item) do update
    set identity_index = excluded.identity_index, bears = excluded.bears, reported_at = excluded.reported_at
    where ended_persons.ended_at is null
        and (ended_persons.identity_index, ended_persons.bears) <> (excluded.identity_index, excluded.bears)

-- name: has_ended
select person_has_ended(:person)

-- name: ended_at
select min(ended_at) from ended_persons
where identity_index = :person and ended_at is not null and lifted_at is null

-- name: of_person
select case_no, item, bundle, reported_at, ended_at, lifted_at, dropped_at
from ended_persons where identity_index = :person
order by reported_at desc, case_no desc limit :limit

-- name: changed_since
select person, ended from persons_changed(:since)
