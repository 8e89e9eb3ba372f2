-- Whether nothing but the applicant's identity card was needed (一证通办): what the plan asked for at submission. Cases of
-- before say nothing of it.
alter table cases add column identity_only boolean;
grant update (identity_only) on cases to onething_api;
