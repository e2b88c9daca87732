-- Registers that processes own, and the fields that processes add to shared registers (doc/adr/0016). A default that is a constant is
-- no rewrite of the table, and the release before goes on without naming the columns.
ALTER TABLE "people" ADD COLUMN "fields" JSONB NOT NULL DEFAULT '{}';
ALTER TABLE "positions" ADD COLUMN "fields" JSONB NOT NULL DEFAULT '{}';

CREATE TABLE "register_rows" (
    "id" UUID NOT NULL,
    "register" TEXT NOT NULL,
    "bodyKey" TEXT NOT NULL,
    "key" TEXT NOT NULL,
    "fields" JSONB NOT NULL,
    "version" INTEGER NOT NULL DEFAULT 1,

    CONSTRAINT "register_rows_pkey" PRIMARY KEY ("id")
);
CREATE UNIQUE INDEX "register_rows_register_key_key" ON "register_rows"("register", "key");
CREATE INDEX "register_rows_register_bodyKey_idx" ON "register_rows"("register", "bodyKey");
CREATE INDEX "register_rows_fields_idx" ON "register_rows" USING GIN ("fields" jsonb_path_ops);
