-- permanent, or temporary while the holder of the position is away. Empty in the rows of before until they are filled: the constraints
-- of the next migration leave those out.
ALTER TABLE "posts" ADD COLUMN "kind" TEXT;
