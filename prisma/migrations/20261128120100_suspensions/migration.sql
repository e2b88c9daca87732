-- AlterTable
ALTER TABLE "cases" ADD COLUMN     "suspensions" JSONB;
