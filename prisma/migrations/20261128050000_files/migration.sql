-- Files: bytes are stored once, as rows of a megabyte, and each upload is a reference to them with a name.
CREATE TABLE "file_blobs" (
    "sha256" TEXT NOT NULL,
    "size" INTEGER NOT NULL,
    "kind" TEXT NOT NULL,
    "storeKey" UUID NOT NULL,
    "storedAt" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "file_blobs_pkey" PRIMARY KEY ("sha256")
);
CREATE UNIQUE INDEX "file_blobs_storeKey_key" ON "file_blobs"("storeKey");

CREATE TABLE "file_pieces" (
    "storeKey" UUID NOT NULL,
    "n" INTEGER NOT NULL,
    "bytes" BYTEA NOT NULL,

    CONSTRAINT "file_pieces_pkey" PRIMARY KEY ("storeKey","n")
);
-- what people send is packed already
ALTER TABLE "file_pieces" ALTER COLUMN "bytes" SET STORAGE EXTERNAL;

CREATE TABLE "files" (
    "id" UUID NOT NULL,
    "sha256" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "uploadedById" UUID,
    "uploadedAt" TIMESTAMPTZ(3) NOT NULL,
    "commandId" UUID,

    CONSTRAINT "files_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "files_sha256_fkey" FOREIGN KEY ("sha256") REFERENCES "file_blobs"("sha256") ON DELETE RESTRICT ON UPDATE CASCADE
);
CREATE INDEX "files_sha256_idx" ON "files"("sha256");
CREATE INDEX "files_commandId_idx" ON "files"("commandId");
CREATE INDEX "files_uploadedById_idx" ON "files"("uploadedById");

CREATE TABLE "file_uploads" (
    "storeKey" UUID NOT NULL,
    "personId" UUID,
    "reserved" INTEGER NOT NULL,
    "startedAt" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "file_uploads_pkey" PRIMARY KEY ("storeKey")
);
CREATE INDEX "file_uploads_personId_idx" ON "file_uploads"("personId");
