-- Takes up into the kept figures what stands in the journal past the place that they have reached, at most the lines of
-- `step` transactions; whether there is more. Who finds another process at it leaves it to that one.
-- Each statement has a snapshot of its own: whatever landed before `landed` is seen by those after it.
create function fold_figures(step bigint) returns boolean
language plpgsql set plan_cache_mode = force_custom_plan as $$
declare
    reached bigint;
    landed_by_now bigint;
    upto bigint;
    touched text[];
begin
    if not pg_try_advisory_xact_lock(x'666967757265'::bigint) then -- "figure"
        return false;
    end if;
    landed_by_now := landed_for_good();
    select p.landed into reached from figures_position p;
    upto := least(reached + step, landed_by_now);
    touched := array(
        select distinct j.case_no from journal j where j.landed >= reached and j.landed < upto
    );
    if touched = '{}' then
        if upto = landed_by_now then
            return false; -- nor is the place moved: what nobody records costs no write
        end if;
        upto := coalesce((
            select min(j.landed) from journal j where j.landed >= upto and j.landed < landed_by_now
        ), landed_by_now);
    else
        perform take_up_figures(touched);
    end if;
    update figures_position set landed = upto;
    return upto < landed_by_now;
end $$;
