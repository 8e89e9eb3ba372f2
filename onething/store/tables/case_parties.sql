-- name: keep
insert into case_parties (case_no, party, identity_index, asker, at)
values (:case_no, :party, :identity_index, :asker, :at)

-- name: forget
delete from case_parties where case_no = :case_no

-- name: of_actor
select party from case_parties where case_no = :case_no and identity_index = actor_identity()

-- name: about_actor
select case_no, party, bundle, region, at, asker, standing, data, open
from parties_like_me(:before_at, :before_id, :at_most)
