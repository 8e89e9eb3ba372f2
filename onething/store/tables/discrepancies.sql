-- name: by_source
select source, found, open, resolved, matched, source_right
from discrepancies_of(:region, :since, :until, :bundles, :keys, :sources) order by source
