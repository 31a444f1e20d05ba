-- Whatever gives money up or away rests on its executed approval, whoever writes it: a waiver, a write-off and its
-- reversal, a payout and an agreement on the request that names its customer and amount; their entries of the ledger
-- on them. What all entries of one waiver or payout come to is looked at when the transaction ends, because the
-- ledger is played anew in parts. The functions look with the owner's eyes, past every wall. Nothing is imported into these tables: a history brings none of them.

CREATE FUNCTION bills_check_approval() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $bills$
BEGIN
    PERFORM access_demand_approval(NEW.approval_id, TG_ARGV[0],
        (SELECT c.reference FROM customers_customer c WHERE c.id = NEW.customer_id), NEW.amount);
    IF TG_NARGS > 1 THEN
        IF NOT EXISTS (SELECT FROM bills_bill b JOIN access_approvalrequest r ON r.subject_reference = b.reference
                       WHERE b.id = NEW.bill_id AND b.customer_id = NEW.customer_id AND r.id = NEW.approval_id) THEN
            RAISE EXCEPTION '% is about another bill than its approval', NEW.reference
                USING ERRCODE = 'integrity_constraint_violation';
        END IF;
    END IF;
    RETURN NULL;
END
$bills$;
CREATE TRIGGER bills_check_approval AFTER INSERT OR UPDATE OF approval_id, customer_id, bill_id, amount ON bills_waiver
FOR EACH ROW EXECUTE FUNCTION bills_check_approval('bills.waive_late_fee', 'bill');
CREATE TRIGGER bills_check_approval AFTER INSERT OR UPDATE OF approval_id, customer_id, bill_id, amount ON bills_writeoff
FOR EACH ROW EXECUTE FUNCTION bills_check_approval('bills.write_off', 'bill');
CREATE TRIGGER bills_check_approval AFTER INSERT OR UPDATE OF approval_id, customer_id, amount ON bills_payout
FOR EACH ROW EXECUTE FUNCTION bills_check_approval('bills.pay_out');
CREATE TRIGGER bills_check_approval AFTER INSERT OR UPDATE OF approval_id, customer_id, amount ON bills_restructuring
FOR EACH ROW EXECUTE FUNCTION bills_check_approval('bills.restructure');

CREATE FUNCTION bills_check_reversal() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $bills$
BEGIN
    PERFORM access_demand_approval(NEW.reversal_id, 'bills.reverse_write_off',
        (SELECT c.reference FROM customers_customer c WHERE c.id = NEW.customer_id), NEW.amount);
    RETURN NULL;
END
$bills$;
CREATE TRIGGER bills_check_reversal AFTER INSERT OR UPDATE OF reversal_id, reversed_date ON bills_writeoff
FOR EACH ROW WHEN (NEW.reversal_id IS NOT NULL) EXECUTE FUNCTION bills_check_reversal();

CREATE FUNCTION bills_check_given_up() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $bills$
DECLARE
    booked numeric;
    allowed numeric;
    fitting boolean;
BEGIN
    IF NEW.waiver_id IS NOT NULL THEN
        SELECT w.amount, (w.customer_id, w.bill_id) = (NEW.customer_id, NEW.bill_id),
               (SELECT -sum(e.amount) FROM bills_ledgerentry e WHERE e.bill_id = w.bill_id AND e.waiver_id = w.id AND e.kind IN ('waiver', 'reversal'))
        INTO allowed, fitting, booked FROM bills_waiver w WHERE w.id = NEW.waiver_id;
    ELSIF NEW.payout_id IS NOT NULL THEN
        SELECT p.amount, p.customer_id = NEW.customer_id,
               (SELECT sum(e.amount) FROM bills_ledgerentry e WHERE e.customer_id = p.customer_id AND e.payout_id = p.id AND e.kind IN ('payout', 'reversal'))
        INTO allowed, fitting, booked FROM bills_payout p WHERE p.id = NEW.payout_id;
    ELSE
        SELECT 0, (w.customer_id, w.bill_id) = (NEW.customer_id, NEW.bill_id), 0
        INTO allowed, fitting, booked FROM bills_writeoff w WHERE w.id = NEW.write_off_id;
    END IF;
    IF fitting IS NOT TRUE OR booked > allowed THEN
        RAISE EXCEPTION 'an entry of the ledger gives up % where % is approved, or elsewhere', booked, allowed
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END
$bills$;
CREATE CONSTRAINT TRIGGER bills_check_given_up AFTER INSERT ON bills_ledgerentry DEFERRABLE INITIALLY DEFERRED
FOR EACH ROW WHEN (NEW.waiver_id IS NOT NULL OR NEW.payout_id IS NOT NULL OR NEW.write_off_id IS NOT NULL)
EXECUTE FUNCTION bills_check_given_up();
