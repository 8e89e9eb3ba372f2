-- A counter asks for what is submitted, or waits for corrections: a handful among all the cases that have ever ended.

create index cases_under_way on cases (region, created_at desc, case_no desc) where ended_at is null;
