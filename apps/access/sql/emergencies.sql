-- Nobody decides in a role whose hours are over, delegates one taken in an emergency, or reviews their own, whoever
-- writes it.
CREATE FUNCTION access_check_hours() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $access$
BEGIN
    IF EXISTS (SELECT FROM access_rolegrant g JOIN access_role r ON r.id = g.role_id JOIN access_emergency e ON e.grant_id = g.id
               WHERE g.user_id = NEW.decided_by_id AND r.code = NEW.role AND g.ended_at IS NULL AND NEW.delegation_id IS NULL
                   AND e.ends_at <= NEW.decided_at) THEN
        RAISE EXCEPTION 'the hours of the role % are over', NEW.role USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END
$access$;
CREATE TRIGGER access_check_hours BEFORE INSERT ON access_approvaldecision
FOR EACH ROW EXECUTE FUNCTION access_check_hours();

CREATE FUNCTION access_check_lent() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $access$
BEGIN
    IF EXISTS (SELECT FROM access_emergency e WHERE e.grant_id = NEW.grant_id) THEN
        RAISE EXCEPTION 'a role taken in an emergency is not delegated' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END
$access$;
CREATE TRIGGER access_check_lent BEFORE INSERT OR UPDATE OF grant_id ON access_delegation
FOR EACH ROW EXECUTE FUNCTION access_check_lent();

CREATE FUNCTION access_check_review() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $access$
BEGIN
    IF to_jsonb(NEW) - 'alarmed_at' - 'reviewed_at' - 'reviewed_by_id' - 'finding' - 'note'
        <> to_jsonb(OLD) - 'alarmed_at' - 'reviewed_at' - 'reviewed_by_id' - 'finding' - 'note' OR OLD.reviewed_at IS NOT NULL THEN
        RAISE EXCEPTION 'emergency % is changed after the fact', NEW.reference USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF EXISTS (SELECT FROM access_rolegrant g WHERE g.id = NEW.grant_id
               AND (g.user_id = NEW.reviewed_by_id OR access_is_above(g.user_id, NEW.reviewed_by_id))) THEN
        RAISE EXCEPTION 'emergency % is reviewed by whoever took it, or below them', NEW.reference
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END
$access$;
CREATE TRIGGER access_check_review BEFORE UPDATE ON access_emergency FOR EACH ROW EXECUTE FUNCTION access_check_review();
