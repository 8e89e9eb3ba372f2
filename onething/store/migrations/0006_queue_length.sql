-- For GET /metrics: how many hand-overs wait, and since when. Of which cases is nobody's business.
grant select (not_before) on handovers to onething_api;
create policy length_of_queue on handovers for select to onething_api using (true);
