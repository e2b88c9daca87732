-- A case may send commands to another, in order.
ALTER TABLE "commands" ADD COLUMN "senderId" UUID, ADD COLUMN "seq" BIGINT;
CREATE SEQUENCE "commands_seq_seq" OWNED BY "commands"."seq";
-- rows of before keep none: they were sent by people, whose commands have no order
ALTER TABLE "commands" ALTER COLUMN "seq" SET DEFAULT nextval('commands_seq_seq');

CREATE TABLE "case_links" (
    "fromId" UUID NOT NULL,
    "toId" UUID NOT NULL,
    "kind" TEXT NOT NULL,
    "as" TEXT,
    "madeAt" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "case_links_pkey" PRIMARY KEY ("fromId", "toId", "kind")
);
CREATE INDEX "case_links_toId_idx" ON "case_links"("toId");

-- The dispatcher hears of each command of a case as soon as it is committed.
CREATE FUNCTION wake_dispatcher() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_notify('mansap_commands', '');
  RETURN NULL;
END $$;
CREATE TRIGGER "commands_wake" AFTER INSERT ON "commands" FOR EACH ROW
WHEN (NEW."senderId" IS NOT NULL AND NEW."state" = 'stored') EXECUTE FUNCTION wake_dispatcher();

-- A case that another case opened is started by no person.
ALTER TABLE "cases" ALTER COLUMN "startedById" DROP NOT NULL;
