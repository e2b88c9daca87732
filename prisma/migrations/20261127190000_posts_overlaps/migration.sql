-- Before posts are held to be held once: those that contradict one another are named, and nothing is changed. Correct them with the
-- release that runs, then migrate again.
CREATE EXTENSION IF NOT EXISTS btree_gist;

DO $$
DECLARE found text;
BEGIN
  SELECT string_agg(line, E'\n' ORDER BY line) INTO found FROM (
    SELECT format('position %s: person %s %s to %s (post %s), and person %s %s to %s (post %s)',
      a."positionId", a."personId", a."from", coalesce(a."to"::text, 'now'), a.id, b."personId", b."from", coalesce(b."to"::text, 'now'), b.id) AS line
    FROM posts a JOIN posts b ON b."positionId" = a."positionId" AND b.id > a.id
      AND a."from" <= coalesce(b."to", 'infinity') AND b."from" <= coalesce(a."to", 'infinity')
    UNION ALL
    SELECT format('person %s: position %s %s to %s (post %s), and position %s %s to %s (post %s)',
      a."personId", a."positionId", a."from", coalesce(a."to"::text, 'now'), a.id, b."positionId", b."from", coalesce(b."to"::text, 'now'), b.id)
    FROM posts a JOIN posts b ON b."personId" = a."personId" AND b."positionId" <> a."positionId" AND b.id > a.id
      AND a."from" <= coalesce(b."to", 'infinity') AND b."from" <= coalesce(a."to", 'infinity')
    UNION ALL
    SELECT format('post %s of person %s ends on %s before it begins on %s', id, "personId", "to", "from") FROM posts WHERE "to" < "from"
  ) AS contradictions;
  IF found IS NOT NULL THEN
    RAISE EXCEPTION E'posts are held twice; nothing was changed:\n%', found;
  END IF;
END $$;
