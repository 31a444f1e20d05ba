-- Roles that may not meet in one person do not, whoever writes it: not by two grants, not by a grant and a delegation,
-- not by two delegations of the same days; a pair is not made incompatible while somebody holds both. Nobody lets
-- themself decide, and nothing is delegated that is not held. Writers of one person's roles wait for each other.

CREATE FUNCTION access_may_not_meet(one bigint, other bigint) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $access$
    SELECT EXISTS (SELECT FROM access_incompatibleroles WHERE (first_id, second_id) IN ((one, other), (other, one)))
$access$;

CREATE FUNCTION access_refuse_pair(person bigint, one bigint, other bigint) RETURNS void LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $access$
BEGIN
    RAISE EXCEPTION 'the roles % may not meet in person %',
        (SELECT string_agg(code, ' and ' ORDER BY code) FROM access_role WHERE id IN (one, other)), person
        USING ERRCODE = 'exclusion_violation', CONSTRAINT = 'access_incompatible_roles';
END
$access$;

CREATE FUNCTION access_check_grant() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $access$
DECLARE
    other bigint;
BEGIN
    PERFORM FROM access_user WHERE id = NEW.user_id FOR NO KEY UPDATE;
    SELECT role_id INTO other FROM (
        SELECT g.role_id FROM access_rolegrant g WHERE g.user_id = NEW.user_id AND g.ended_at IS NULL AND g.id <> NEW.id
        UNION ALL
        SELECT g.role_id FROM access_delegation d JOIN access_rolegrant g ON g.id = d.grant_id AND g.ended_at IS NULL
        WHERE d.receiver_id = NEW.user_id AND d.ended_at IS NULL AND d.end_date > NEW.granted_at::date - 1
    ) held WHERE access_may_not_meet(held.role_id, NEW.role_id) LIMIT 1;
    IF other IS NOT NULL THEN
        PERFORM access_refuse_pair(NEW.user_id, NEW.role_id, other);
    END IF;
    RETURN NULL;
END
$access$;
CREATE TRIGGER access_check_grant AFTER INSERT OR UPDATE OF user_id, role_id, ended_at ON access_rolegrant
FOR EACH ROW WHEN (NEW.ended_at IS NULL) EXECUTE FUNCTION access_check_grant();

CREATE FUNCTION access_check_delegation() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $access$
DECLARE
    given access_rolegrant;
    other bigint;
BEGIN
    PERFORM FROM access_user WHERE id = NEW.receiver_id FOR NO KEY UPDATE;
    SELECT * INTO given FROM access_rolegrant WHERE id = NEW.grant_id;
    IF given.user_id = NEW.receiver_id OR given.ended_at IS NOT NULL THEN
        RAISE EXCEPTION 'delegation % passes on what its giver does not hold, or to themself', NEW.reference
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    SELECT role_id INTO other FROM (
        SELECT g.role_id FROM access_rolegrant g WHERE g.user_id = NEW.receiver_id AND g.ended_at IS NULL
        UNION ALL
        SELECT g.role_id FROM access_delegation d JOIN access_rolegrant g ON g.id = d.grant_id AND g.ended_at IS NULL
        WHERE d.receiver_id = NEW.receiver_id AND d.ended_at IS NULL AND d.id <> NEW.id
            AND daterange(d.start_date, d.end_date) && daterange(NEW.start_date, NEW.end_date)
    ) held WHERE access_may_not_meet(held.role_id, given.role_id) LIMIT 1;
    IF other IS NOT NULL THEN
        PERFORM access_refuse_pair(NEW.receiver_id, given.role_id, other);
    END IF;
    RETURN NULL;
END
$access$;
CREATE TRIGGER access_check_delegation AFTER INSERT OR UPDATE OF grant_id, receiver_id, start_date, end_date, ended_at
ON access_delegation FOR EACH ROW WHEN (NEW.ended_at IS NULL) EXECUTE FUNCTION access_check_delegation();

CREATE FUNCTION access_check_pair() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $access$
DECLARE
    person bigint;
BEGIN
    SELECT a.user_id INTO person FROM access_rolegrant a JOIN access_rolegrant b ON b.user_id = a.user_id
    WHERE a.role_id = NEW.first_id AND b.role_id = NEW.second_id AND a.ended_at IS NULL AND b.ended_at IS NULL LIMIT 1;
    IF person IS NOT NULL THEN
        PERFORM access_refuse_pair(person, NEW.first_id, NEW.second_id);
    END IF;
    RETURN NULL;
END
$access$;
CREATE TRIGGER access_check_pair AFTER INSERT OR UPDATE ON access_incompatibleroles
FOR EACH ROW EXECUTE FUNCTION access_check_pair();

-- One pair, whichever of the two is named first, and never a role with itself.
CREATE UNIQUE INDEX access_incompatibleroles_unordered
ON access_incompatibleroles (least(first_id, second_id), greatest(first_id, second_id));
ALTER TABLE access_incompatibleroles ADD CONSTRAINT access_incompatibleroles_two CHECK (first_id <> second_id);
