-- A limit rests on its approval or on the import that brought it, whoever writes it: a line without an approval keeps
-- the number of its operation, which by the end of the transaction is an import in the trail; a limit changes only
-- with a new approval that names it.
CREATE FUNCTION credit_note_origin() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $credit$
BEGIN
    NEW.operation := nullif(current_setting('audit.op', true), '')::bigint;
    RETURN NEW;
END
$credit$;
CREATE TRIGGER credit_note_origin BEFORE INSERT ON credit_creditline
FOR EACH ROW EXECUTE FUNCTION credit_note_origin();

CREATE FUNCTION credit_check_limit() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $credit$
BEGIN
    IF TG_OP = 'INSERT' AND NEW.approval_id IS NULL THEN
        IF NOT EXISTS (SELECT FROM audit.operation o WHERE o.seq = NEW.operation AND o.xid = pg_current_xact_id()
                       AND o.recorded_at >= transaction_timestamp() AND o.decision = 'allow'
                       AND o.action IN ('portfolio.import', 'demo.enrol')) THEN
            RAISE EXCEPTION 'credit line % rests on no approval and on no import', NEW.reference
                USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RETURN NULL;
    END IF;
    IF TG_OP = 'UPDATE' AND NEW.approval_id IS NOT DISTINCT FROM OLD.approval_id THEN
        RAISE EXCEPTION 'credit line % changes without an approval of its own', NEW.reference
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    PERFORM access_demand_approval(NEW.approval_id, 'credit.change_limit',
        (SELECT c.reference FROM customers_customer c WHERE c.id = NEW.customer_id), NULL);
    IF NOT EXISTS (SELECT FROM access_approvalrequest r WHERE r.id = NEW.approval_id AND r.payload ->> 'limit' = NEW."limit"::text) THEN
        RAISE EXCEPTION 'credit line % has another limit than its approval', NEW.reference
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END
$credit$;
CREATE CONSTRAINT TRIGGER credit_check_opening AFTER INSERT ON credit_creditline DEFERRABLE INITIALLY DEFERRED
FOR EACH ROW EXECUTE FUNCTION credit_check_limit();
CREATE TRIGGER credit_check_limit AFTER UPDATE ON credit_creditline
FOR EACH ROW WHEN (OLD."limit" <> NEW."limit" OR OLD.customer_id <> NEW.customer_id OR OLD.approval_id IS DISTINCT FROM NEW.approval_id)
EXECUTE FUNCTION credit_check_limit();
