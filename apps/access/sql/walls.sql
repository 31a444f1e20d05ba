-- What the policies ask where a slice of the book or somebody's own account narrows what they see. The function looks
-- with the owner's eyes, or the policies of the tables that it reads would ask it in turn.
CREATE SCHEMA IF NOT EXISTS walls;
CREATE OR REPLACE FUNCTION walls.holds(customer bigint) RETURNS boolean
LANGUAGE plpgsql STABLE SECURITY DEFINER AS $walls$
DECLARE
    own text := current_setting('walls.own', true);
    products text[] := string_to_array(current_setting('walls.products', true), ',');
BEGIN
    IF own <> '' AND EXISTS (SELECT FROM public.customers_customer c WHERE c.id = customer AND c.reference = own) THEN
        RETURN false;
    END IF;
    RETURN cardinality(products) = 0
        OR EXISTS (
            SELECT FROM public.bills_bill b
            JOIN public.bills_productterms t ON t.id = b.terms_id
            JOIN public.bills_product p ON p.id = t.product_id
            WHERE b.customer_id = customer AND p.code = ANY(products))
        OR EXISTS (
            SELECT FROM public.bills_purchase b
            JOIN public.bills_productterms t ON t.id = b.terms_id
            JOIN public.bills_product p ON p.id = t.product_id
            WHERE b.customer_id = customer AND p.code = ANY(products));
END
$walls$;
REVOKE ALL ON FUNCTION walls.holds(bigint) FROM PUBLIC;
