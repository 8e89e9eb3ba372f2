-- name: hold
insert into source_slots (source) values (:source) on conflict (source) do update set source = excluded.source
returning shares

-- name: keep
update source_slots set shares = :shares where source = :source
