-- Only where it cannot be otherwise: the person holds one post in the body in all the time of the role, and either heads the body by it,
-- or the role of HR or the Agency begins with it. Whatever else hangs on a post an administrator says.
UPDATE "body_roles" r SET "postId" = held.id
FROM (
  SELECT r.id AS role, (array_agg(p.id))[1] AS id, (array_agg(p."from"))[1] AS "from", bool_and(o."headsBody") AS heads
  FROM "body_roles" r
  JOIN "posts" p ON p."personId" = r."personId" AND p."from" <= r."from" AND coalesce(r."to", 'infinity') <= coalesce(p."to", 'infinity')
  JOIN "positions" o ON o.id = p."positionId" AND o."bodyKey" = r."bodyKey"
  GROUP BY r.id HAVING count(*) = 1
) held
WHERE held.role = r.id AND r."postId" IS NULL
  AND (r.role = 'head' AND held.heads OR r.role IN ('hr', 'agency') AND held."from" = r."from");
