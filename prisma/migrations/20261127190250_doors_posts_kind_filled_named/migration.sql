-- Fills the kind of the posts of before, which the constraints check: posts that have begun to overlap since the overlaps were looked for
-- are named as they were then, and nothing is changed. Whatever is entered meanwhile has a kind.
DO $$
DECLARE found text;
BEGIN
  UPDATE "posts" SET "kind" = 'permanent' WHERE "kind" IS NULL;
EXCEPTION WHEN exclusion_violation THEN
  SELECT string_agg(line, E'\n' ORDER BY line) INTO found FROM (
    SELECT format('position %s: person %s %s to %s (post %s), and person %s %s to %s (post %s)',
      a."positionId", a."personId", a."from", coalesce(a."to"::text, 'now'), a.id, b."personId", b."from", coalesce(b."to"::text, 'now'), b.id) AS line
    FROM posts a JOIN posts b ON b."positionId" = a."positionId" AND b.id > a.id AND coalesce(b."kind", 'permanent') = coalesce(a."kind", 'permanent')
      AND a."from" <= coalesce(b."to", 'infinity') AND b."from" <= coalesce(a."to", 'infinity')
    UNION ALL
    SELECT format('person %s: position %s %s to %s (post %s), and position %s %s to %s (post %s)',
      a."personId", a."positionId", a."from", coalesce(a."to"::text, 'now'), a.id, b."positionId", b."from", coalesce(b."to"::text, 'now'), b.id)
    FROM posts a JOIN posts b ON b."personId" = a."personId" AND b."positionId" <> a."positionId" AND b.id > a.id
      AND a."from" <= coalesce(b."to", 'infinity') AND b."from" <= coalesce(a."to", 'infinity')
  ) AS contradictions;
  RAISE EXCEPTION E'posts are held twice; nothing was changed:\n%', found;
END $$;
