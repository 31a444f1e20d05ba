-- Nothing is approved that nobody agreed to, and nothing rests on a request that is not approved, whoever writes it:
-- a request begins open, is never changed but in its state, never opened again, and approved only by the people whom
-- its rule names; a decision is refused to whoever may not speak; access_demand_approval refuses what rests on no
-- approval of its own kind. Triggers hold for the application, a shell and a superuser alike.

CREATE FUNCTION access_is_above(boss bigint, somebody bigint) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $access$
    WITH RECURSIVE above (id) AS (
        SELECT reports_to_id FROM access_user WHERE id = somebody
        UNION
        SELECT u.reports_to_id FROM access_user u JOIN above a ON u.id = a.id
    )
    SELECT EXISTS (SELECT FROM above WHERE id = boss)
$access$;

CREATE FUNCTION access_check_request() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $access$
DECLARE
    missing text;
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.status <> 'requested' OR NEW.decided_at IS NOT NULL THEN
            RAISE EXCEPTION 'request % does not begin open', NEW.reference USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RETURN NEW;
    END IF;
    IF to_jsonb(NEW) - 'status' - 'decided_at' <> to_jsonb(OLD) - 'status' - 'decided_at' THEN
        RAISE EXCEPTION 'request % is changed in more than its state', OLD.reference
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF OLD.status <> 'requested' AND NEW.status <> OLD.status THEN
        RAISE EXCEPTION 'request % is decided: it is %', OLD.reference, OLD.status
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF NEW.status = 'approved' AND OLD.status = 'requested' THEN
        SELECT string_agg(a.role, ', ' ORDER BY a.role) INTO missing
        FROM (SELECT role, count(*) AS needed FROM access_authorityrule r, unnest(r.approvers) AS role
              WHERE r.id = NEW.rule_id GROUP BY role) a
        WHERE a.needed > (SELECT count(*) FROM access_approvaldecision d
                          WHERE d.request_id = NEW.id AND d.role = a.role AND d.verdict = 'approve');
        IF missing IS NOT NULL THEN
            RAISE EXCEPTION 'request % lacks the agreement of: %', NEW.reference, missing
                USING ERRCODE = 'integrity_constraint_violation';
        END IF;
    END IF;
    RETURN NEW;
END
$access$;
CREATE TRIGGER access_check_request BEFORE INSERT OR UPDATE ON access_approvalrequest
FOR EACH ROW EXECUTE FUNCTION access_check_request();

-- The days of a delegation are the lender's own: the dates that they may fall on anywhere are let pass here.
CREATE FUNCTION access_check_decision() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $access$
DECLARE
    asked access_approvalrequest;
    speaker bigint := coalesce(NEW.on_behalf_of_id, NEW.decided_by_id);
    objection text;
BEGIN
    SELECT * INTO asked FROM access_approvalrequest WHERE id = NEW.request_id FOR NO KEY UPDATE;
    objection := CASE
        WHEN asked.status <> 'requested' THEN 'is not open'
        WHEN asked.made_by_id IN (NEW.decided_by_id, speaker) THEN 'is not decided by its maker'
        WHEN access_is_above(asked.made_by_id, NEW.decided_by_id) OR access_is_above(asked.made_by_id, speaker)
            THEN 'is not decided by whoever reports to its maker'
        WHEN EXISTS (SELECT FROM access_user u WHERE u.id IN (NEW.decided_by_id, speaker)
                     AND u.customer_reference <> '' AND u.customer_reference = asked.customer_reference)
            THEN 'is about an account of whoever decides'
        WHEN EXISTS (SELECT FROM access_approvaldecision d WHERE d.request_id = asked.id
                     AND (d.decided_by_id IN (NEW.decided_by_id, speaker) OR d.on_behalf_of_id IN (NEW.decided_by_id, speaker)))
            THEN 'is decided by one person once'
        WHEN NOT EXISTS (SELECT FROM access_authorityrule r WHERE r.id = asked.rule_id AND NEW.role = ANY (r.approvers))
            THEN 'is under a rule that does not name the role'
        WHEN NOT EXISTS (SELECT FROM access_rolegrant g JOIN access_role r ON r.id = g.role_id
                         JOIN access_user u ON u.id = g.user_id AND u.is_active
                         WHERE g.user_id = speaker AND r.code = NEW.role AND g.ended_at IS NULL)
            THEN 'is decided in a role that is not held'
        WHEN NEW.delegation_id IS NOT NULL AND NOT EXISTS (
            SELECT FROM access_delegation d JOIN access_rolegrant g ON g.id = d.grant_id JOIN access_role r ON r.id = g.role_id
            WHERE d.id = NEW.delegation_id AND d.receiver_id = NEW.decided_by_id AND g.user_id = speaker
                AND r.code = NEW.role AND g.ended_at IS NULL AND d.ended_at IS NULL
                AND NEW.decided_at >= d.start_date - 1 AND NEW.decided_at < d.end_date + 1)
            THEN 'is decided under no delegation that holds'
    END;
    IF objection IS NOT NULL THEN
        RAISE EXCEPTION 'request % %', asked.reference, objection USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END
$access$;
CREATE TRIGGER access_check_decision BEFORE INSERT ON access_approvaldecision
FOR EACH ROW EXECUTE FUNCTION access_check_decision();

-- Refuses unless the request is approved, of this action, about this customer and, where one is given, of this amount.
CREATE FUNCTION access_demand_approval(approval bigint, wanted text, customer text, sum numeric) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $access$
DECLARE
    asked access_approvalrequest;
BEGIN
    SELECT * INTO asked FROM access_approvalrequest r WHERE r.id = approval;
    IF asked.id IS NULL OR asked.status <> 'approved' OR asked.action <> wanted
        OR asked.customer_reference IS DISTINCT FROM customer OR (sum IS NOT NULL AND asked.amount <> sum) THEN
        RAISE EXCEPTION '% rests on no approval of its own', wanted USING ERRCODE = 'integrity_constraint_violation',
            DETAIL = format('Request %s is %s for %s of %s on %s.', coalesce(asked.reference, '(none)'),
                coalesce(asked.status, 'missing'), asked.action, asked.amount, asked.customer_reference);
    END IF;
END
$access$;
