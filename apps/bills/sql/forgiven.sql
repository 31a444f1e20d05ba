-- What an arrangement gives up, or lets fall due anew, rests on the approval of the arrangement: the waivers that forgive
-- add up to no more than it names, about its customer, and an agreement of bills names its amount. Waivers of a late fee
-- alone stay bound to an approval of their own, about their bill. The functions look with the owner's eyes.

DROP TRIGGER bills_check_approval ON bills_waiver;
CREATE TRIGGER bills_check_approval AFTER INSERT OR UPDATE OF approval_id, customer_id, bill_id, amount, forgives ON bills_waiver
FOR EACH ROW WHEN (NOT NEW.forgives) EXECUTE FUNCTION bills_check_approval('bills.waive_late_fee', 'bill');

CREATE FUNCTION bills_check_forgiveness() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $bills$
DECLARE
    allowed numeric;
    given numeric;
BEGIN
    PERFORM access_demand_approval(NEW.approval_id, 'cases.arrangement',
        (SELECT c.reference FROM customers_customer c WHERE c.id = NEW.customer_id), NULL);
    SELECT r.amount INTO allowed FROM access_approvalrequest r WHERE r.id = NEW.approval_id;
    SELECT sum(w.amount) INTO given FROM bills_waiver w
     WHERE w.approval_id = NEW.approval_id AND NOT EXISTS (SELECT FROM bills_waiverrevocation v WHERE v.waiver_id = w.id);
    IF given > allowed OR NOT EXISTS (SELECT FROM bills_bill b WHERE b.id = NEW.bill_id AND b.customer_id = NEW.customer_id) THEN
        RAISE EXCEPTION '% forgives % where % is approved, or elsewhere', NEW.reference, given, allowed
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END
$bills$;
CREATE TRIGGER bills_check_forgiveness AFTER INSERT OR UPDATE OF approval_id, customer_id, bill_id, amount, forgives ON bills_waiver
FOR EACH ROW WHEN (NEW.forgives) EXECUTE FUNCTION bills_check_forgiveness();

CREATE FUNCTION bills_check_agreement() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $bills$
DECLARE
    rests_on text;
BEGIN
    SELECT r.action INTO rests_on FROM access_approvalrequest r WHERE r.id = NEW.approval_id AND r.action = 'cases.arrangement';
    PERFORM access_demand_approval(NEW.approval_id, coalesce(rests_on, 'bills.restructure'),
        (SELECT c.reference FROM customers_customer c WHERE c.id = NEW.customer_id), NEW.amount);
    RETURN NULL;
END
$bills$;
DROP TRIGGER bills_check_approval ON bills_restructuring;
CREATE TRIGGER bills_check_agreement AFTER INSERT OR UPDATE OF approval_id, customer_id, amount ON bills_restructuring
FOR EACH ROW EXECUTE FUNCTION bills_check_agreement();
