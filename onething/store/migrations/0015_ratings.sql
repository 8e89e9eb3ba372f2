-- Ratings, newest first. Few lines of the journal are ratings: the others are not in this index.
create index journal_ratings on journal (at desc, case_no desc) where kind = 'rated';
