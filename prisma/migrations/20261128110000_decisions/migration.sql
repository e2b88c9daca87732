-- AlterTable
ALTER TABLE "cases" ADD COLUMN     "decisions" JSONB;
