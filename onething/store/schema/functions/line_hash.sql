-- SHA-256 of the line's bytes, which are UTF-8 whatever the database stores text as: so it is immutable, although
-- convert_to() is not declared to be. In plpgsql for the reason given at line_moment().
create function line_hash(line text) returns bytea language plpgsql immutable strict parallel safe as $$
begin
    return sha256(convert_to(line, 'UTF8'));
end $$;
