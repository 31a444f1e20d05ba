-- An arrangement that the customer signed rests on its executed approval, whoever writes it: the request that names its
-- customer and amount. What was agreed is not changed afterwards. The function looks with the owner's eyes.
CREATE FUNCTION cases_check_arrangement() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $cases$
BEGIN
    IF NEW.status IN ('approved', 'active', 'kept', 'breached') THEN
        PERFORM access_demand_approval(NEW.approval_id, 'cases.arrangement',
            (SELECT c.reference FROM customers_customer c WHERE c.id = NEW.customer_id), NEW.amount);
    END IF;
    IF TG_OP = 'UPDATE' AND (OLD.kind, OLD.customer_id, OLD.bills, OLD.debt, OLD.forgiven, OLD.fee, OLD.total, OLD.amount, OLD.approval_id)
        IS DISTINCT FROM (NEW.kind, NEW.customer_id, NEW.bills, NEW.debt, NEW.forgiven, NEW.fee, NEW.total, NEW.amount, NEW.approval_id) THEN
        RAISE EXCEPTION 'the terms of % are not changed', OLD.reference USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END
$cases$;
CREATE TRIGGER cases_check_arrangement AFTER INSERT OR UPDATE ON cases_arrangement
FOR EACH ROW EXECUTE FUNCTION cases_check_arrangement();
