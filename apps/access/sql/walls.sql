-- What the policies ask: which customers are placed with which agency, and whether a slice of the book or somebody's own
-- account keeps a customer from them. Both look with the owner's eyes, or the policies of what they read would ask in turn.
CREATE SCHEMA IF NOT EXISTS walls;
DO $walls$
BEGIN
    IF to_regclass('public.customers_placement') IS NOT NULL THEN
        EXECUTE 'CREATE OR REPLACE VIEW walls.placed AS'
            ' SELECT customer_id, agency_id FROM public.customers_placement WHERE recalled_at IS NULL';
    END IF;
END
$walls$;
DROP FUNCTION IF EXISTS walls.holds(bigint) CASCADE;
CREATE OR REPLACE FUNCTION walls.is_outside(customer bigint) RETURNS boolean
LANGUAGE plpgsql STABLE PARALLEL SAFE SECURITY DEFINER AS $walls$
DECLARE
    own text := current_setting('walls.own', true);
    products text[] := string_to_array(current_setting('walls.products', true), ',');
BEGIN
    IF own <> '' AND EXISTS (SELECT FROM public.customers_customer c WHERE c.id = customer AND c.reference = own) THEN
        RETURN true;
    END IF;
    RETURN cardinality(products) > 0
        AND NOT EXISTS (
            SELECT FROM public.bills_bill b
            JOIN public.bills_productterms t ON t.id = b.terms_id
            JOIN public.bills_product p ON p.id = t.product_id
            WHERE b.customer_id = customer AND p.code = ANY(products))
        AND NOT EXISTS (
            SELECT FROM public.bills_purchase b
            JOIN public.bills_productterms t ON t.id = b.terms_id
            JOIN public.bills_product p ON p.id = t.product_id
            WHERE b.customer_id = customer AND p.code = ANY(products));
END
$walls$;
REVOKE ALL ON FUNCTION walls.is_outside(bigint) FROM PUBLIC;
