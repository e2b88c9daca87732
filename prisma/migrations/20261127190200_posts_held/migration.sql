-- One position is held by one person at a time, and temporarily by one more; one person holds one post at a time. An exclusion constraint
-- cannot be added NOT VALID. These leave out rows without a kind, which all are: their indexes are built empty, and the table is read once.
-- Each row is checked when it is filled.
ALTER TABLE "posts"
  ALTER COLUMN "kind" SET DEFAULT 'permanent',
  ADD CONSTRAINT "posts_position_held" EXCLUDE USING gist
    ("positionId" WITH =, "kind" WITH =, daterange("from", "to", '[]') WITH &&) WHERE ("kind" IS NOT NULL),
  ADD CONSTRAINT "posts_person_held" EXCLUDE USING gist
    ("personId" WITH =, daterange("from", "to", '[]') WITH &&) WHERE ("kind" IS NOT NULL);
