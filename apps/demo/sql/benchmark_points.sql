-- Who of the benchmark's customers can be reached in which ways, and where they agreed to it; the same book, the same answer.
select id, kind, abs(hashint8(id + place)) % 50 > 0,
       case when abs(hashint8(id + 10 * place)) % 20 > 0 then joined_date end
  from customers_customer
  join (values ('phone', 1, 100), ('app', 2, 60), ('wechat', 3, 40)) as point (kind, place, share)
    on abs(hashint8(id + 100 * place)) % 100 < share
 order by id, place
